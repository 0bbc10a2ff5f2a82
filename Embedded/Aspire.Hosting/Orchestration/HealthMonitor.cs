using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Runs the health checks of resources that run: five times a second until a resource is healthy, so that those that wait
/// for it start at once, then every five seconds.
/// </summary>
internal sealed partial class HealthMonitor(
    HealthCheckService checks, ResourceStates states, IDistributedApplicationEventing eventing, IServiceProvider services,
    TimeProvider time, ILogger<HealthMonitor> logger)
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(200);

    /// <summary>How soon it is noticed that there is something to check; looking costs nothing.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_whenHealthy = TimeSpan.FromSeconds(5);

    /// <summary>Watches one resource until the token ends it.</summary>
    public async Task WatchAsync(IResource resource, IReadOnlyList<Replica> replicas, CancellationToken cancellationToken)
    {
        var keys = resource.Annotations.OfType<HealthCheckAnnotation>().Select(check => check.Key).ToHashSet();
        var next = time.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            var tick = replicas.Any(IsComing) ? s_look : s_tick;
            var running = replicas.Where(replica => states.Of(replica)?.State?.Text == KnownResourceStates.Running).ToList();
            var allReady = running.TrueForAll(replica => states.Of(replica)!.IsReady);
            if (running.Count > 0 && IsParentReady(resource) && (!allReady || (keys.Count > 0 && time.GetElapsedTime(next) > s_whenHealthy)))
            {
                await CheckAsync(resource, running, keys, cancellationToken).ConfigureAwait(false);
                next = time.GetTimestamp();
                tick = s_tick;
            }

            await Task.Delay(tick, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool IsComing(Replica replica) => states.Of(replica) is not { } snapshot
        || (!snapshot.IsReady && !KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text));

    /// <summary>What lives inside another resource (a database) is not asked for before that one is ready, which would only make it log errors.</summary>
    private bool IsParentReady(IResource resource) => resource is not IResourceWithParent { Parent: var parent } || states.IsReady(parent);

    private async Task CheckAsync(IResource resource, List<Replica> running, HashSet<string> keys, CancellationToken cancellationToken)
    {
        try
        {
            var report = await checks.CheckHealthAsync(check => keys.Contains(check.Name), cancellationToken).ConfigureAwait(false);
            var healthy = keys.Count == 0 || report.Status == HealthStatus.Healthy;
            ImmutableArray<HealthReportSnapshot> snapshots = [.. report.Entries.Select(entry =>
                new HealthReportSnapshot(entry.Key, entry.Value.Status, entry.Value.Description, entry.Value.Exception?.ToString()) { LastRunAt = time.GetUtcNow().UtcDateTime })];
            var becomesReady = healthy && running.Exists(replica => states.Of(replica) is { IsReady: false });
            if (becomesReady)
            {
                await eventing.PublishAsync(new ResourceReadyEvent(resource, services), cancellationToken).ConfigureAwait(false);
            }

            foreach (var replica in running)
            {
                await states.HealthAsync(replica, snapshots, healthy || (states.Of(replica)?.IsReady ?? false)).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end.
        }
#pragma warning disable CA1031 // Whatever a subscriber to the event throws: the resource is not ready, and it is tried again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            NotReady(resource.Name, exception);
        }
    }

    [LoggerMessage(6003, LogLevel.Warning, "'{Resource}' is not ready yet")]
    private partial void NotReady(string resource, Exception exception);
}
