using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Knows the latest snapshot of every resource and tells of each change.</summary>
public class ResourceNotificationService : IDisposable
{
    private readonly ConcurrentDictionary<(IResource Resource, string Id), ResourceEvent> _latest = new();
    private readonly ConcurrentDictionary<Channel<ResourceEvent>, bool> _watchers = new();
    private readonly CancellationTokenSource _disposing = new();
    private readonly Lock _publishing = new();
    private readonly WaitBehavior _defaultWait;

    /// <summary>Made by the application's services.</summary>
    public ResourceNotificationService(
        ILogger<ResourceNotificationService> logger, IHostApplicationLifetime hostApplicationLifetime,
        IServiceProvider serviceProvider, ResourceLoggerService resourceLoggerService)
    {
        var options = serviceProvider.GetService(typeof(IOptions<ResourceNotificationServiceOptions>)) as IOptions<ResourceNotificationServiceOptions>;
        _defaultWait = options?.Value.DefaultWaitBehavior ?? WaitBehavior.StopOnResourceUnavailable;
    }

    /// <summary>Waits until a replica of the resource is in a state (<see cref="KnownResourceStates.Running"/> unless told otherwise).</summary>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [string.IsNullOrEmpty(targetState) ? KnownResourceStates.Running : targetState], cancellationToken);

    /// <summary>Waits until a replica of the resource is in one of the states, and says in which.</summary>
    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var reached = await WaitForResourceAsync(
            resourceName, update => update.Snapshot.State is { } state && targetStates.Contains(state.Text, StringComparer.OrdinalIgnoreCase), cancellationToken).ConfigureAwait(false);
        return reached.Snapshot.State!.Text;
    }

    /// <summary>Waits until something is true of a replica of the resource.</summary>
    /// <exception cref="OperationCanceledException">It did not become true before the token or the application ended.</exception>
    public async Task<ResourceEvent> WaitForResourceAsync(string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        await foreach (var update in WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            if (string.Equals(update.Resource.Name, resourceName, StringComparison.OrdinalIgnoreCase) && predicate(update))
            {
                return update;
            }
        }

        throw new OperationCanceledException($"The wait for resource '{resourceName}' ended before its condition was met.");
    }

    /// <summary>Waits until the resource is healthy and ready.</summary>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, _defaultWait, cancellationToken);

    /// <summary>Waits until the resource is healthy and ready.</summary>
    /// <exception cref="DistributedApplicationException">It ended or could not start, and the behaviour is to stop then.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        var update = await WaitForResourceAsync(
            resourceName,
            update => IsHealthy(update) || (waitBehavior == WaitBehavior.StopOnResourceUnavailable && IsOver(update.Snapshot)),
            cancellationToken).ConfigureAwait(false);
        return IsHealthy(update) ? update : throw new DistributedApplicationException(
            $"Stopped waiting for resource '{resourceName}' to become healthy because it failed to start.");
    }

    /// <summary>Waits for everything that the resource was told to wait for.</summary>
    /// <exception cref="DistributedApplicationException">One of them failed.</exception>
    public Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken) =>
        Task.WhenAll(resource.Annotations.OfType<WaitAnnotation>().Select(wait => WaitForAsync(wait, cancellationToken)));

    /// <summary>The latest snapshot of a replica.</summary>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        resourceEvent = _latest.Values.FirstOrDefault(update => string.Equals(update.ResourceId, resourceId, StringComparison.OrdinalIgnoreCase));
        return resourceEvent is not null;
    }

    /// <summary>The latest snapshot of every replica, then every change.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_disposing.Token, cancellationToken);
        var channel = Channel.CreateUnbounded<ResourceEvent>();
        lock (_publishing)
        {
            foreach (var update in _latest.Values)
            {
                channel.Writer.TryWrite(update);
            }

            _watchers[channel] = true;
        }

        try
        {
            await foreach (var update in channel.Reader.ReadAllAsync(ending.Token).ConfigureAwait(false))
            {
                yield return update;
            }
        }
        finally
        {
            _watchers.TryRemove(channel, out _);
        }
    }

    /// <summary>Changes the snapshot of a resource that has no replicas.</summary>
    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory) =>
        PublishUpdateAsync(resource, resource.Name, stateFactory);

    /// <summary>Changes the snapshot of a replica.</summary>
    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        lock (_publishing)
        {
            var former = _latest.TryGetValue((resource, resourceId), out var known)
                ? known.Snapshot : new CustomResourceSnapshot { ResourceType = resource.GetType().Name.Replace("Resource", "", StringComparison.Ordinal), Properties = [] };
            var update = new ResourceEvent(resource, resourceId, stateFactory(former));
            _latest[(resource, resourceId)] = update;
            foreach (var watcher in _watchers.Keys)
            {
                watcher.Writer.TryWrite(update);
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposing.Cancel();
        GC.SuppressFinalize(this);
    }

    internal IEnumerable<ResourceEvent> Current => _latest.Values;

    private static bool IsHealthy(ResourceEvent update) => update.Snapshot is { HealthStatus: HealthStatus.Healthy, IsReady: true };

    private static bool IsOver(CustomResourceSnapshot snapshot) => snapshot.State is { } state && KnownResourceStates.TerminalStates.Contains(state.Text);

    private async Task WaitForAsync(WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var stops = (wait.WaitBehavior ?? _defaultWait) == WaitBehavior.StopOnResourceUnavailable;
        var update = await WaitForResourceAsync(
            wait.Resource.Name,
            update => wait.WaitType switch
            {
                WaitType.WaitForCompletion => IsOver(update.Snapshot),
                WaitType.WaitUntilStarted => update.Snapshot.State?.Text == KnownResourceStates.Running || (stops && IsOver(update.Snapshot)),
                _ => IsHealthy(update) || (stops && IsOver(update.Snapshot)),
            },
            cancellationToken).ConfigureAwait(false);
        var fine = wait.WaitType == WaitType.WaitForCompletion
            ? update.Snapshot.ExitCode == wait.ExitCode
            : !IsOver(update.Snapshot);
        if (!fine)
        {
            throw new DistributedApplicationException($"'{wait.Resource.Name}', which it waits for, is {update.Snapshot.State!.Text}.");
        }
    }
}

/// <summary>Settings of <see cref="ResourceNotificationService"/>.</summary>
public sealed class ResourceNotificationServiceOptions
{
    /// <summary>What a waiter does when the resource fails and nothing else was said.</summary>
    public WaitBehavior DefaultWaitBehavior { get; set; }
}
