using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Publishes the states of replicas, and of what lives inside their resources.</summary>
internal sealed class ResourceStates(ResourceNotificationService notifications, DistributedApplicationModel model)
{
    public Task StartingAsync(Replica replica) => SetAsync(replica, KnownResourceStates.Starting);

    public Task WaitingAsync(Replica replica) => SetAsync(replica, KnownResourceStates.Waiting);

    public Task StoppingAsync(Replica replica) => SetAsync(replica, KnownResourceStates.Stopping);

    public Task RunningAsync(Replica replica, int? processId) => SetAsync(replica, KnownResourceStates.Running, snapshot => snapshot with
    {
        StartTimeStamp = DateTime.UtcNow,
        StopTimeStamp = null,
        ExitCode = null,
        Properties = processId is null ? [] : [new ResourcePropertySnapshot("executable.pid", processId.Value)],
        Urls = [.. replica.Resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => new UrlSnapshot(endpoint.Name, endpoint.AllocatedEndpoint!.UriString, IsInternal: false))],
    });

    public Task EndedAsync(Replica replica, string state, int? exitCode) => SetAsync(
        replica, state, snapshot => snapshot with { ExitCode = exitCode, StopTimeStamp = DateTime.UtcNow });

    public Task HealthAsync(Replica replica, ImmutableArray<HealthReportSnapshot> reports, bool isReady) => notifications.PublishUpdateAsync(
        replica.Resource, replica.Id,
        snapshot => snapshot.State?.Text == KnownResourceStates.Running ? snapshot with { HealthReports = reports, IsReady = isReady } : snapshot);

    public CustomResourceSnapshot? Of(Replica replica) => notifications.TryGetCurrentState(replica.Id, out var update) ? update.Snapshot : null;

    /// <summary>Whether every replica of a resource is ready.</summary>
    public bool IsReady(IResource resource) => notifications.Current.Where(update => update.Resource == resource).All(update => update.Snapshot.IsReady);

    private async Task SetAsync(Replica replica, string state, Func<CustomResourceSnapshot, CustomResourceSnapshot>? also = null)
    {
        await PublishAsync(replica.Resource, replica.Id, state, also ?? (snapshot => snapshot)).ConfigureAwait(false);
        foreach (var child in model.Resources.OfType<IResourceWithParent>().Where(child => child.Parent == replica.Resource))
        {
            await PublishAsync(child, child.Name, state, snapshot => snapshot).ConfigureAwait(false);
        }
    }

    /// <summary>A change of state makes what was known of the health void.</summary>
    private Task PublishAsync(IResource resource, string id, string state, Func<CustomResourceSnapshot, CustomResourceSnapshot> also)
    {
        ImmutableArray<HealthReportSnapshot> pending =
            [.. resource.Annotations.OfType<HealthCheckAnnotation>().Select(check => new HealthReportSnapshot(check.Key, Status: null, Description: null, ExceptionText: null))];
        return notifications.PublishUpdateAsync(resource, id, snapshot => also(snapshot) with { State = state, HealthReports = pending, IsReady = false });
    }
}
