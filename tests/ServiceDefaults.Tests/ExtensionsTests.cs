using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Trace;

namespace Streaming.ServiceDefaults.Tests;

public sealed class ExtensionsTests
{
    [Fact]
    public async Task Health_reports_every_check_and_alive_only_the_live_ones()
    {
        await using var app = Build(services => services.AddHealthChecks().AddCheck("broken", () => HealthCheckResult.Unhealthy()));
        await app.StartAsync();
        using var client = Client(app);

        using var health = await client.GetAsync("/health");
        using var alive = await client.GetAsync("/alive");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        Assert.Equal("Unhealthy", await health.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Nothing_is_recorded_without_an_otlp_endpoint()
    {
        await using var app = Build();

        Assert.Null(app.Services.GetService<TracerProvider>());
        Assert.DoesNotContain(app.Services.GetServices<IHostedService>(), service => service is TelemetryLifetime);
    }

    [Fact]
    public async Task Shutdown_has_a_time_limit()
    {
        await using var app = Build();

        Assert.Equal(TimeSpan.FromSeconds(20), app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
    }

    [Fact]
    public async Task Stopping_sends_the_last_traces_metrics_and_logs_with_the_service_name()
    {
        await using var collector = await Collector.StartAsync();
        await using var app = Build(endpoint: collector.Endpoint);
        using var source = new ActivitySource("Streaming.Test");
        using var meter = new Meter("Streaming.Test");
        var counter = meter.CreateCounter<long>("streaming.test.count");
        app.MapGet("/sales", () => "sold");
        await app.StartAsync();
        using (var client = Client(app))
        {
            await client.GetStringAsync("/sales");
        }

        using (source.StartActivity("own span"))
        {
            counter.Add(1);
        }

        await app.StopAsync();

        Assert.Contains("own span", collector.Received("traces"), StringComparison.Ordinal);
        Assert.Contains("/sales", collector.Received("traces"), StringComparison.Ordinal);
        Assert.Contains("streaming.test.count", collector.Received("metrics"), StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", collector.Received("metrics"), StringComparison.Ordinal);
        Assert.Contains("Now listening on", collector.Received("logs"), StringComparison.Ordinal);
        foreach (var signal in new[] { "traces", "metrics", "logs" })
        {
            Assert.Contains("the-service", collector.Received(signal), StringComparison.Ordinal);
            Assert.Contains("instance-7", collector.Received(signal), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Health_requests_and_what_they_cause_stay_out_of_the_traces()
    {
        await using var collector = await Collector.StartAsync();
        using var source = new ActivitySource("Streaming.Test");
        await using var app = Build(
            services => services.AddHealthChecks().AddCheck("probe", () =>
            {
                using var probing = source.StartActivity("probing the database");
                return HealthCheckResult.Healthy();
            }),
            collector.Endpoint);
        app.MapGet("/sales", () => "sold");
        await app.StartAsync();
        using (var client = Client(app))
        {
            await client.GetStringAsync("/health");
            await client.GetStringAsync("/alive");
            await client.GetStringAsync("/sales");
        }

        await app.StopAsync();

        var traces = collector.Received("traces");
        Assert.Contains("GET /sales", traces, StringComparison.Ordinal);
        Assert.DoesNotContain("GET /health", traces, StringComparison.Ordinal);
        Assert.DoesNotContain("GET /alive", traces, StringComparison.Ordinal);
        Assert.DoesNotContain("probing the database", traces, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_that_is_not_there_delays_the_stop_by_no_more_than_the_limit()
    {
        await using var app = Build(endpoint: "http://127.0.0.1:1");
        await app.StartAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));

        await app.StopAsync(limit.Token);

        Assert.False(limit.IsCancellationRequested);
    }

    private static WebApplication Build(Action<IServiceCollection>? configure = null, string? endpoint = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_SERVICE_NAME"] = "the-service",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "service.instance.id=instance-7",
            ["OTEL_TRACES_SAMPLER"] = "always_on",
        });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        configure?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        return app;
    }

    private static HttpClient Client(WebApplication app) => new() { BaseAddress = new Uri(app.Urls.Single()) };
}
