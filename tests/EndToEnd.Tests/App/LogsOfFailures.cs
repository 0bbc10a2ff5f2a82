using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

// Names this class to xunit for all tests of this assembly.
[assembly: TestFramework("Streaming.EndToEnd.Tests.App.LogsOfFailures", "EndToEnd.Tests")]

namespace Streaming.EndToEnd.Tests.App;

/// <summary>
/// Adds to the output of each test that fails what the resources of the running application wrote last (<see cref="RecentLogs"/>), also when the
/// application did not come up. In xunit 2 nothing of a test is told how it ended; the messages to whoever runs the tests are.
/// </summary>
public sealed class LogsOfFailures(IMessageSink diagnosticMessageSink) : XunitTestFramework(diagnosticMessageSink)
{
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) => new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName assemblyName, ISourceInformationProvider sources, IMessageSink diagnostics) : XunitTestFrameworkExecutor(assemblyName, sources, diagnostics)
    {
        protected override void RunTestCases(IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions) =>
            base.RunTestCases(testCases, new Outcomes(executionMessageSink), executionOptions);
    }

    private sealed class Outcomes(IMessageSink inner) : LongLivedMarshalByRefObject, IMessageSink
    {
        public bool OnMessage(IMessageSinkMessage message) => inner.OnMessage(message is ITestFailed failed ? WithLogs(failed) : message);

        private static TestFailed WithLogs(ITestFailed failed) => new(
            failed.Test, failed.ExecutionTime, failed.Output + string.Concat(RecentLogs.Shown), failed.ExceptionTypes, failed.Messages, failed.StackTraces, failed.ExceptionParentIndices);
    }
}
