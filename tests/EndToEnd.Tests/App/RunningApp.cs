using System.Globalization;
using System.Net.Http.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
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

    private DistributedApplication? _app;

    /// <summary>The mark that tells this application's processes from everybody else's.</summary>
    internal ProcessMark Mark { get; } = ProcessMark.Set();

    /// <summary>What this application is told besides. A later argument overrides an earlier one.</summary>
    protected virtual IReadOnlyList<string> Arguments => [];

    internal DistributedApplication App => _app ?? throw new InvalidOperationException("the application has not been started");

    internal string Kafka { get; private set; } = "";

    internal ResultTables Results { get; private set; } = new("");

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
        _app = await builder.BuildAsync(bound.Token);
        await _app.StartAsync(bound.Token);
        foreach (var resource in new[] { "producer", "aggregator", "dashboard" })
        {
            await _app.ResourceNotifications.WaitForResourceHealthyAsync(resource, bound.Token);
        }

        Kafka = await _app.GetConnectionStringAsync("kafka", bound.Token) ?? throw new InvalidOperationException("kafka has no connection string");
        Results = new ResultTables(
            await _app.GetConnectionStringAsync("streaming", bound.Token) ?? throw new InvalidOperationException("streaming has no connection string"));
    }

    public async Task DisposeAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }

    /// <summary>The number of fields of each schema of sales, by its id: asked of the registry as any HTTP client does.</summary>
    internal async Task<IReadOnlyDictionary<int, int>> SaleSchemasAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = App.GetEndpoint("schema-registry", "http") };
        var fields = new Dictionary<int, int>();
        foreach (var version in (await http.GetFromJsonAsync<int[]>("subjects/sales-value/versions", cancellationToken))!)
        {
            var answer = await http.GetFromJsonAsync<System.Text.Json.JsonElement>($"subjects/sales-value/versions/{version}", cancellationToken);
            using var schema = System.Text.Json.JsonDocument.Parse(answer.GetProperty("schema").GetString()!);
            fields[answer.GetProperty("id").GetInt32()] = schema.RootElement.GetProperty("fields").GetArrayLength();
        }

        return fields;
    }

    internal async Task StopResourceAsync(string name, CancellationToken cancellationToken)
    {
        var result = await App.ResourceCommands.ExecuteCommandAsync(name, KnownResourceCommands.StopCommand, cancellationToken);
        Assert.True(result.Success, $"stopping {name}: {result.ErrorMessage}");
        await App.ResourceNotifications.WaitForResourceAsync(name, KnownResourceStates.TerminalStates, cancellationToken);
    }

    /// <summary>The operating system's ids of a resource's processes, one for each replica that runs.</summary>
    internal async Task<IReadOnlyList<int>> ProcessIdsAsync(string name, int replicas, CancellationToken cancellationToken)
    {
        var pids = new Dictionary<string, int>();
        var notifications = App.Services.GetRequiredService<ResourceNotificationService>();
        await foreach (var change in notifications.WatchAsync(cancellationToken))
        {
            if (change.Resource.Name != name)
            {
                continue;
            }

            var pid = change.Snapshot.Properties.FirstOrDefault(p => p.Name == "executable.pid")?.Value;
            if (change.Snapshot.State?.Text == KnownResourceStates.Running && pid is not null)
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
}
