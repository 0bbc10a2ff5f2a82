using System.Runtime.InteropServices;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Starts all resources side by side, each when what it waits for is healthy, and stops them the other way round.</summary>
internal sealed partial class Orchestrator(
    DistributedApplicationModel model, RunnerServices services, HealthMonitor health, DataFolders data, OrchestrationOptions options, StatusReport status,
    ILogger<Orchestrator> logger, Dashboard.DashboardServer? dashboard = null)
    : IHostedService, IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly List<ReplicaRunner> _runners = [];
    private readonly List<Task> _background = [];
    private readonly List<Task> _commands = [];
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _hurry = new();
    private Endpoints? _endpoints;
    private PosixSignalRegistration? _interrupts;
    private int _interruptions;
    private Task? _stopped;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.IsRunByOthers)
        {
            _interrupts = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Interrupt());
        }

        await services.Eventing.PublishAsync(new BeforeStartEvent(services.Services, model), cancellationToken).ConfigureAwait(false);
        if (model.Resources.Any(resource => resource.HasAnnotationOfType<DataVolumeAnnotation>()))
        {
            data.Hold();
        }

        dashboard?.Open();
        foreach (var leftOut in model.Resources.SelectMany(resource => resource.Annotations).OfType<LeftOutAnnotation>())
        {
            LeavesOut(leftOut.What);
        }

        _endpoints = new Endpoints(options.RandomPorts, ListensElsewhere);
        var replicas = model.Resources.ToDictionary(resource => resource, _endpoints.Allocate);
        _endpoints.Proxies.ForEach(proxy => proxy.Start());
        foreach (var (resource, ofResource) in replicas)
        {
            await AddAsync(resource, ofResource).ConfigureAwait(false);
        }

        _background.AddRange(_runners.Select(runner => runner.StartAsync(StartReason.Application, _ending.Token)));
        _background.Add(status.RunAsync(replicas, _ending.Token));
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _stopped ??= StopOnceAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        _runners.ForEach(runner => runner.Dispose());
        _interrupts?.Dispose();
        _endpoints?.Dispose();
        _ending.Dispose();
        _hurry.Dispose();
    }

    /// <summary>Carries out a command for one replica; none once everything is being stopped, which would leave behind what it starts.</summary>
    public Task<ExecuteCommandResult> ExecuteAsync(ExecuteCommandContext context, bool stop, bool start)
    {
        var runner = _runners.Find(runner => string.Equals(runner.Replica.Id, context.ResourceName, StringComparison.OrdinalIgnoreCase));
        if (runner is null)
        {
            return Task.FromResult(CommandResults.Failure($"'{context.ResourceName}' has no process."));
        }

        lock (_lock)
        {
            if (_stopped is not null)
            {
                return Task.FromResult(CommandResults.Failure("The application is being stopped."));
            }

            var command = ExecuteAsync(runner, stop, start, context.CancellationToken);
            _commands.RemoveAll(former => former.IsCompleted);
            _commands.Add(command);
            return command;
        }
    }

    private async Task<ExecuteCommandResult> ExecuteAsync(ReplicaRunner runner, bool stop, bool start, CancellationToken cancellationToken)
    {
        if (stop)
        {
            await runner.StopAsync(forGood: false, cancellationToken).ConfigureAwait(false);
        }

        return start ? await runner.StartAsync(StartReason.Command, _ending.Token).ConfigureAwait(false) : CommandResults.Success();
    }

    private async Task AddAsync(IResource resource, IReadOnlyList<Replica> replicas)
    {
        if (resource.TryGetLastAnnotation<LocalProgramAnnotation>(out var program))
        {
            _runners.AddRange(replicas.Select(replica => new ReplicaRunner(replica, program, services)));
            ResourceCommandsOfProcesses.Add(resource, this);
        }

        foreach (var replica in replicas)
        {
            await (program is null && resource is not IResourceWithParent
                ? services.States.RunningAsync(replica, processId: null)
                : services.States.StartingAsync(replica)).ConfigureAwait(false);
        }

        _background.Add(health.WatchAsync(resource, replicas, _ending.Token));
    }

    /// <summary>The first Ctrl+C stops everything in order (the host sees to that), the second kills what has not stopped yet.</summary>
    private void Interrupt()
    {
        if (Interlocked.Increment(ref _interruptions) > 1)
        {
            _hurry.Cancel();
        }
    }

    private async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _hurry.Token);
        var hurry = linked.Token;
        var stopping = new Dictionary<IResource, Task>();
        await Task.WhenAll(model.Resources.Select(resource => StopAsync(resource, stopping, hurry))).ConfigureAwait(false);
        await _ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_commands).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // How it went is told to who gave it.
        await Task.WhenAll(_background).ConfigureAwait(false);
        foreach (var proxy in _endpoints?.Proxies ?? [])
        {
            await proxy.DisposeAsync().ConfigureAwait(false);
        }

        foreach (var resource in model.Resources)
        {
            services.Logs.Complete(resource);
        }

        services.Failures.WriteSummary();
    }

    /// <summary>Stops a resource when all that depend on it have stopped. Runs on one thread until its first wait, so the dictionary needs no lock.</summary>
    private Task StopAsync(IResource resource, Dictionary<IResource, Task> stopping, CancellationToken hurry)
    {
        if (!stopping.TryGetValue(resource, out var task))
        {
            stopping[resource] = Task.CompletedTask; // Ends a circle of references.
            Task[] dependents = [.. model.Resources.Where(other => DependsOn(other, resource)).Select(other => StopAsync(other, stopping, hurry))];
            stopping[resource] = task = StopAfterAsync(dependents, resource, hurry);
        }

        return task;
    }

    private async Task StopAfterAsync(Task[] dependents, IResource resource, CancellationToken hurry)
    {
        await Task.WhenAll(dependents).ConfigureAwait(false);
        await Task.WhenAll(_runners.Where(runner => runner.Replica.Resource == resource).Select(runner => runner.StopAsync(forGood: true, hurry))).ConfigureAwait(false);
    }

    private static bool DependsOn(IResource resource, IResource other) =>
        (resource is IResourceWithParent { Parent: var parent } && parent == other)
        || resource.Annotations.OfType<ResourceRelationshipAnnotation>().Any(relationship => relationship.Resource == other);

    [LoggerMessage(6007, LogLevel.Warning, "Port {Port} of '{Resource}' is used by another AppHost: '{Resource}' is at port {Instead} this time")]
    private partial void ListensElsewhere(string resource, int port, int instead);

    [LoggerMessage(6004, LogLevel.Information, "{What} needs containers and is left out")]
    private partial void LeavesOut(string what);
}
