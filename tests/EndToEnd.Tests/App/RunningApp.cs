using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Streaming.Tests.Oracle;

namespace Streaming.EndToEnd.Tests.App;

/// <summary>
/// The whole application, started from the AppHost's own entry point: fresh data folders, free ports. As it stands it has every scenario on,
/// at rates that two cores carry, each with some late and broken events; see <see cref="AllScenarios"/>. Everything that it starts carries
/// <see cref="ProcessMark"/> in its environment.
/// </summary>
public class RunningApp : IAsyncLifetime
{
    private static readonly TimeSpan s_startBound = TimeSpan.FromMinutes(3);
    private static readonly string[] s_services = ["producer", "aggregator", "dashboard"];

    private readonly RecentLogs _logs = new();
    private DistributedApplication? _app;

    /// <summary>The mark that tells this application's processes from everybody else's.</summary>
    internal ProcessMark Mark { get; } = ProcessMark.Set();

    /// <summary>What this application is told besides: settings, parameters, scenarios. A later argument overrides an earlier one.</summary>
    protected virtual IReadOnlyList<string> Arguments => [];

    internal DistributedApplication App => _app ?? throw new InvalidOperationException("the application has not been started");

    /// <summary>Where Kafka's clients begin: what every resource that refers to <c>kafka</c> gets.</summary>
    internal string Kafka { get; private set; } = "";

    /// <summary>The connection string of the database <c>streaming</c>.</summary>
    internal string Database { get; private set; } = "";

    internal ResultTables Results => new(Database);

    internal Uri Dashboard => App.GetEndpoint("dashboard", "http");

    public async Task InitializeAsync()
    {
        using var bound = new CancellationTokenSource(s_startBound);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [
                "--UseVolumes=false",
                "--Producer:MalformedShare=0.01",
                "--Producer:LateShare=0.01",
                "--Producer:OutOfOrderShare=0.1",
                .. Arguments,
            ],
            bound.Token);
        // Nothing on the console: what was written last is shown with each test that fails.
        builder.Services.AddLogging(logging => logging.ClearProviders().AddProvider(_logs.Provider()));
        _logs.Show();
        _app = await builder.BuildAsync(bound.Token);
        await _app.StartAsync(bound.Token);
        await Task.WhenAll(s_services.Select(service => _app.ResourceNotifications.WaitForResourceHealthyAsync(service, bound.Token)));

        Kafka = await ConnectionStringAsync("kafka", bound.Token);
        Database = await ConnectionStringAsync("streaming", bound.Token);
    }

    public async Task DisposeAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.StopAsync();
            await app.DisposeAsync();
        }

        _logs.Hide();
    }

    /// <summary>Stops a resource, all its replicas, as a click in the AppHost's dashboard does; the others go on.</summary>
    internal async Task StopResourceAsync(string name, CancellationToken cancellationToken)
    {
        await CommandAsync(name, KnownResourceCommands.StopCommand, cancellationToken);
        await App.ResourceNotifications.WaitForResourceAsync(name, KnownResourceStates.TerminalStates, cancellationToken);
    }

    /// <summary>Starts a resource that was stopped, and waits until it is healthy.</summary>
    internal async Task StartResourceAsync(string name, CancellationToken cancellationToken)
    {
        await CommandAsync(name, KnownResourceCommands.StartCommand, cancellationToken);
        // Not the default behaviour, which may still see the end of the process before and give up.
        await App.ResourceNotifications.WaitForResourceHealthyAsync(name, WaitBehavior.WaitOnResourceUnavailable, cancellationToken);
    }

    /// <summary>Stops and starts a resource, and waits until it is healthy.</summary>
    internal async Task RestartResourceAsync(string name, CancellationToken cancellationToken)
    {
        await StopResourceAsync(name, cancellationToken);
        await StartResourceAsync(name, cancellationToken);
    }

    /// <summary>The operating system's ids of a resource's processes, one for each replica that runs.</summary>
    internal async Task<IReadOnlyList<int>> ProcessIdsAsync(string name, int replicas, CancellationToken cancellationToken)
    {
        var pids = new Dictionary<string, int>();
        await foreach (var change in App.ResourceNotifications.WatchAsync(cancellationToken))
        {
            var pid = change.Snapshot.Properties.FirstOrDefault(p => p.Name == "executable.pid")?.Value;
            if (change.Resource.Name == name && change.Snapshot.State?.Text == KnownResourceStates.Running && pid is not null)
            {
                pids[change.ResourceId] = Convert.ToInt32(pid, CultureInfo.InvariantCulture);
            }

            if (pids.Count == replicas)
            {
                break;
            }
        }

        return [.. pids.Values];
    }

    private async Task CommandAsync(string name, string command, CancellationToken cancellationToken)
    {
        var resource = App.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(resource => resource.Name == name);
        var result = await App.ResourceCommands.ExecuteCommandAsync(resource, command, cancellationToken);
        Assert.True(result.Success, $"{command} of {name}: {result.ErrorMessage}");
    }

    private async Task<string> ConnectionStringAsync(string name, CancellationToken cancellationToken) =>
        await App.GetConnectionStringAsync(name, cancellationToken) ?? throw new InvalidOperationException($"{name} has no connection string");
}
