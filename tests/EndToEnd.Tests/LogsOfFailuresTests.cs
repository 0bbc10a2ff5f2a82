using System.Text.RegularExpressions;
using Streaming.EndToEnd.Tests.App;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Streaming.EndToEnd.Tests;

/// <summary>A test that fails tells what the application's resources wrote last.</summary>
[Collection(AllScenarios.Name)]
public sealed class LogsOfFailuresTests
{
    [Fact]
    public async Task Output_of_a_failed_test_has_the_last_lines_of_each_resource_and_no_more()
    {
        var failed = await RunAsync(nameof(OnPurpose.Fails));

        Assert.Equal("on purpose", Assert.Single(failed.Messages));
        Assert.StartsWith("its own output", failed.Output, StringComparison.Ordinal);
        foreach (var resource in new[] { "kafka", "postgres", "schema-registry", "producer", "aggregator", "dashboard" })
        {
            Assert.Matches(new Regex($"^── {resource}: (the last {RecentLogs.Lines} of|all) [1-9]\\d* lines ──\\r?\\n\\d+: .", RegexOptions.Multiline), failed.Output);
        }

        Assert.InRange(failed.Output.Split('\n').Length, 12, 5_000);
    }

    /// <summary>Runs a test as the runner does, inside this one.</summary>
    private static async Task<ITestFailed> RunAsync(string test)
    {
        var type = Reflector.Wrap(typeof(OnPurpose));
        var collection = new TestCollection(new TestAssembly(type.Assembly), collectionDefinition: null, "on purpose");
        using var outcome = new Outcome();
        var testCase = new XunitTestCase(
            outcome, TestMethodDisplay.ClassAndMethod, TestMethodDisplayOptions.None, new TestMethod(new TestClass(collection, type), type.GetMethod(test, includePrivateMethod: false)));
        using var framework = new LogsOfFailures(outcome);
        using var executor = framework.GetExecutor(typeof(LogsOfFailuresTests).Assembly.GetName());

        executor.RunTests([testCase], outcome, new DefaultOptions());
        return await outcome.Failed.WaitAsync(TimeSpan.FromSeconds(60));
    }

#pragma warning disable xUnit1000 // Not public, so that it is no test of this assembly: it is run by the one above.
    internal sealed class OnPurpose(ITestOutputHelper output)
#pragma warning restore xUnit1000
    {
        [Fact]
        public void Fails()
        {
            output.WriteLine("its own output");
            Assert.Fail("on purpose");
        }
    }

    private sealed class Outcome : LongLivedMarshalByRefObject, IMessageSink, IDisposable
    {
        private readonly TaskCompletionSource<ITestFailed> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private ITestFailed? _seen;

        public Task<ITestFailed> Failed => _failed.Task;

        public bool OnMessage(IMessageSinkMessage message)
        {
            _seen ??= message as ITestFailed;
            if (message is ITestAssemblyFinished)
            {
                _ = _seen is null ? _failed.TrySetException(new InvalidOperationException("no test failed")) : _failed.TrySetResult(_seen);
            }

            return true;
        }

        public void Dispose()
        {
        }
    }

    private sealed class DefaultOptions : ITestFrameworkExecutionOptions
    {
        public TValue GetValue<TValue>(string name) => default!;

        public void SetValue<TValue>(string name, TValue value) => throw new NotSupportedException();
    }
}
