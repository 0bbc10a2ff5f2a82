using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Streaming.Benchmarks.StartUp;

/// <summary>When a resource's process ran (of replicas: the first), and when the resource was healthy; both from the call of <c>StartAsync</c> on.</summary>
internal readonly record struct ResourceTimes(TimeSpan Running, TimeSpan Healthy);

/// <summary>One start of the whole application.</summary>
/// <param name="Resources">The times of each resource, by name.</param>
/// <param name="Ready">From the call of <c>StartAsync</c> until every resource was healthy.</param>
/// <param name="Stopped">How long it took to stop everything again.</param>
internal sealed record StartedApplication(IReadOnlyDictionary<string, ResourceTimes> Resources, TimeSpan Ready, TimeSpan Stopped)
{
    private static readonly TimeSpan s_bound = TimeSpan.FromMinutes(5);

    /// <summary>Starts the application as tests do (free ports, fresh data, no dashboard of the AppHost's own) and stops it.</summary>
    /// <exception cref="DistributedApplicationException">A resource failed to start.</exception>
    /// <exception cref="OperationCanceledException">It was not ready within five minutes.</exception>
    public static async Task<StartedApplication> MeasureAsync(string[] arguments)
    {
        using var bound = new CancellationTokenSource(s_bound);
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            ["--UseVolumes=false", "--Logging:LogLevel:Default=Error", "--Logging:LogLevel:AppHost.Resources=None", .. arguments], bound.Token);
        await using var app = await builder.BuildAsync(bound.Token);

        var begin = Stopwatch.GetTimestamp();
        await app.StartAsync(bound.Token);
        var names = app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Where(resource => resource is not ParameterResource).Select(resource => resource.Name);
        var resources = await Task.WhenAll(names.Select(name => WatchAsync(app, name, begin, bound.Token)));
        var ready = Stopwatch.GetElapsedTime(begin);

        var end = Stopwatch.GetTimestamp();
        await app.StopAsync(bound.Token);
        return new StartedApplication(resources.ToDictionary(resource => resource.Name, resource => resource.Times), ready, Stopwatch.GetElapsedTime(end));
    }

    private static async Task<(string Name, ResourceTimes Times)> WatchAsync(DistributedApplication app, string name, long begin, CancellationToken cancellationToken)
    {
        await app.ResourceNotifications.WaitForResourceAsync(name, [KnownResourceStates.Running, .. KnownResourceStates.TerminalStates], cancellationToken);
        var running = Stopwatch.GetElapsedTime(begin);
        await app.ResourceNotifications.WaitForResourceHealthyAsync(name, cancellationToken);
        return (name, new ResourceTimes(running, Stopwatch.GetElapsedTime(begin)));
    }
}
