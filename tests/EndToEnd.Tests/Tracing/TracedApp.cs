using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Streaming.EndToEnd.Tests.Tracing;

/// <summary>The application with the sales alone, every twentieth of them sampled, and all its services sending what they do to a receiver of the test's own.</summary>
public sealed class TracedApp : IAsyncLifetime
{
    /// <summary>Where a person would find the AppHost's dashboard. In tests there is none; only the links to it are looked at.</summary>
    public const string AppHostDashboard = "http://localhost:15999";

    private static readonly TimeSpan s_startBound = TimeSpan.FromMinutes(3);

    private DistributedApplication? _app;
    private OtlpReceiver? _receiver;

    internal OtlpReceiver Receiver => _receiver ?? throw new InvalidOperationException("the application has not been started");

    internal Uri Dashboard => (_app ?? throw new InvalidOperationException("the application has not been started")).GetEndpoint("dashboard", "http");

    public async Task InitializeAsync()
    {
        using var bound = new CancellationTokenSource(s_startBound);
        _receiver = await OtlpReceiver.StartAsync();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [
                "--UseVolumes=false", "--Scenarios=sales", $"--ASPNETCORE_URLS=http://+:15999",
                "--Producer:EventsPerSecond=60", "--Producer:BackfillMinutes=0", "--Producer:TraceEvery=20", "--Producer:LateShare=0", "--Producer:MalformedShare=0",
            ],
            bound.Token);
        foreach (var project in builder.Resources.OfType<ProjectResource>())
        {
            builder.CreateResourceBuilder(project)
                .WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", _receiver.Endpoint)
                .WithEnvironment("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
                .WithEnvironment("OTEL_TRACES_SAMPLER", "always_on")
                .WithEnvironment("OTEL_BSP_SCHEDULE_DELAY", "200");
        }

        _app = await builder.BuildAsync(bound.Token);
        await _app.StartAsync(bound.Token);
        foreach (var resource in new[] { "producer", "aggregator", "dashboard" })
        {
            await _app.ResourceNotifications.WaitForResourceHealthyAsync(resource, bound.Token);
        }
    }

    public async Task DisposeAsync()
    {
        if (_app is { } app)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        if (_receiver is { } receiver)
        {
            await receiver.DisposeAsync();
        }
    }
}
