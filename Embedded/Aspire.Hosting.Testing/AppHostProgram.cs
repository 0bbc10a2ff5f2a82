using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>
/// An AppHost's own program on a thread of its own. It is held where it calls <c>Build</c> until the test builds, and where it
/// calls <c>Run</c> until the test has stopped the application.
/// </summary>
internal sealed class AppHostProgram(Assembly assembly, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure)
    : TestedProgram(args, configure)
{
    private readonly string[] _args = args;
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _described = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mayBuild = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Runs the program until its model is finished.</summary>
    public async Task<DistributedApplicationBuilder> StartAsync(CancellationToken cancellationToken)
    {
        var entryPoint = assembly.EntryPoint ?? throw new InvalidOperationException($"'{assembly.GetName().Name}' has no entry point: it is no AppHost.");
        new Thread(() => Run(entryPoint)) { IsBackground = true, Name = "AppHost" }.Start();
        return await _described.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public override Task<DistributedApplication> BuildAsync(DistributedApplicationBuilder builder, CancellationToken cancellationToken)
    {
        _mayBuild.TrySetResult();
        return _built.Task.WaitAsync(cancellationToken);
    }

    public override Task EndAsync()
    {
        _mayBuild.TrySetCanceled();
        return _ended.Task;
    }

    public override void OnCreating(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
    {
        options.AssemblyName = assembly.GetName().Name;
        base.OnCreating(options, settings);
    }

    public override void OnBuilding(DistributedApplicationBuilder builder)
    {
        _described.TrySetResult(builder);
        _mayBuild.Task.GetAwaiter().GetResult();
    }

    public override void OnBuilt(DistributedApplication application) => _built.TrySetResult(application);

    private void Run(MethodInfo entryPoint)
    {
        Current = this;
        try
        {
            var result = entryPoint.Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, entryPoint.GetParameters().Length == 0 ? [] : [_args], culture: null);
            (result as Task)?.GetAwaiter().GetResult();
            Fail(new InvalidOperationException($"The program of '{assembly.GetName().Name}' ended without building an application."));
        }
        catch (OperationCanceledException)
        {
            // The test threw the builder away.
        }
#pragma warning disable CA1031 // Whatever the program throws is the test's to see; on this thread it would end the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(exception);
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    private void Fail(Exception exception)
    {
        _described.TrySetException(exception);
        _built.TrySetException(exception);
    }
}
