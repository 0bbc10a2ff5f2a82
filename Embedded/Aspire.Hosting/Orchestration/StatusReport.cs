using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// When the application is run by its own program: says what is being started, prints the table of resources once all are
/// ready, and until then from time to time what is still waited for.
/// </summary>
internal sealed class StatusReport(ResourceStates states, OrchestrationOptions options)
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_reminder = TimeSpan.FromSeconds(30);

    public async Task RunAsync(Dictionary<IResource, IReadOnlyList<Replica>> resources, CancellationToken cancellationToken)
    {
        if (options.IsRunByOthers)
        {
            return;
        }

        options.Output.WriteLine($"Starting {string.Join(", ", resources.Keys.Select(resource => resource.Name))} …");
        var since = TimeSpan.Zero;
        while (!cancellationToken.IsCancellationRequested && !resources.Values.SelectMany(replicas => replicas).All(replica => states.Of(replica)?.IsReady ?? false))
        {
            await Task.Delay(s_tick, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            since += s_tick;
            if (since >= s_reminder)
            {
                since = TimeSpan.Zero;
                options.Output.WriteTable(Rows(resources));
            }
        }

        if (!cancellationToken.IsCancellationRequested)
        {
            options.Output.WriteTable(Rows(resources));
            options.Output.WriteLine("Everything runs. Ctrl+C stops it.");
        }
    }

    private IEnumerable<StatusRow> Rows(Dictionary<IResource, IReadOnlyList<Replica>> resources) =>
        resources.Select(entry => Row(entry.Key, [.. entry.Value.Select(replica => states.Of(replica)).OfType<CustomResourceSnapshot>()]));

    private static StatusRow Row(IResource resource, List<CustomResourceSnapshot> replicas)
    {
        var states = replicas.Select(replica => replica.IsReady ? "Healthy" : replica.State?.Text == KnownResourceStates.Running ? "Not healthy" : replica.State?.Text ?? "").Distinct();
        var state = string.Join(", ", states) + (replicas.Count > 1 ? $" ({replicas.Count} replicas)" : "");
        var problem = replicas.SelectMany(replica => replica.IsReady ? [] : replica.HealthReports).Select(report => report.Description).FirstOrDefault(text => text is not null);
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToList();
        var url = resource is IResourceWithParent { Parent.Name: var parent }
            ? $"in {parent}"
            : string.Join(" ", endpoints.Select(endpoint => endpoint.UriScheme is "http" or "https" ? endpoint.AllocatedEndpoint?.UriString : endpoint.AllocatedEndpoint?.EndPointString));
        return new StatusRow(resource.Name, state, problem ?? url, IsToBeOpened: problem is null && endpoints.Exists(endpoint => endpoint.IsExternal));
    }
}

/// <summary>A line of the table of resources.</summary>
internal sealed record StatusRow(string Name, string State, string Where, bool IsToBeOpened);
