using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service of this application does alike: telemetry, health endpoints, an orderly stop.</summary>
public static class Extensions
{
    private const string HealthPath = "/health";
    private const string AlivePath = "/alive";
    private const string LiveTag = "live";
    private const string OtlpEndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>How often the checks are run for the log.</summary>
    private static readonly TimeSpan HealthLogPeriod = TimeSpan.FromSeconds(10);

    /// <summary>Time for all hosted services together to stop; the last checkpoint and the producer's queue must fit in.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Adds telemetry, the default health check and the shutdown time limit.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.ConfigureOpenTelemetry();
        builder.AddDefaultHealthChecks();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout);
        return builder;
    }

    /// <summary>
    /// Sends traces, metrics and logs over OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, else records nothing. The name of the service, its
    /// resource attributes, the sampler and the intervals come from the standard <c>OTEL_*</c> settings
    /// (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).
    /// </summary>
    public static TBuilder ConfigureOpenTelemetry<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        if (string.IsNullOrWhiteSpace(builder.Configuration[OtlpEndpointKey]))
        {
            return builder;
        }

        // ASP.NET Core 10 describes its request spans itself, but only when told that no instrumentation library does; what it leaves
        // out (name, route, status) is added by RequestSpans.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        builder.Services.AddTransient<IStartupFilter, RequestSpans>();
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        new TelemetryBuilder(builder.Services)
            .WithTracing(tracing => tracing
                .AddSource("Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "Streaming.*")
                .AddProcessor(new HealthRequestFilter())
                .AddProcessor(new BackgroundSqlFilter())
                .AddProcessor(new SqlSpanNames()))
            .WithMetrics(metrics => metrics
                .AddMeter("Microsoft.AspNetCore.*", "System.Net.Http", "System.Runtime", "Npgsql", "Streaming.*"))
            .UseOtlpExporter();
        builder.Services.AddHostedService<TelemetryLifetime>();
        return builder;
    }

    /// <summary>Adds the check <c>self</c>: the process answers.</summary>
    public static TBuilder AddDefaultHealthChecks<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        // A line for each poll hides those that say why; HealthLog says once what changed.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        builder.Services.AddSingleton<IHealthCheckPublisher, HealthLog>();
        builder.Services.Configure<HealthCheckPublisherOptions>(options => options.Period = HealthLogPeriod);
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        return builder;
    }

    /// <summary>
    /// Maps <c>/health</c> (every check: the service can do its work) and <c>/alive</c> (checks tagged <c>live</c>: the process answers). Both
    /// answer with one word and no detail, in every environment, since orchestrators ask for them outside development too.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks(HealthPath).DisableHttpMetrics();
        app.MapHealthChecks(AlivePath, new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) }).DisableHttpMetrics();
        return app;
    }

    private sealed record TelemetryBuilder(IServiceCollection Services) : IOpenTelemetryBuilder;

    /// <summary>Keeps what orchestrators' probes cause out of the traces: the request's span and all spans below it.</summary>
    private sealed class HealthRequestFilter : BaseProcessor<Activity>
    {
        // Runs before the exporter's processor, which passes over activities without the Recorded flag.
        public override void OnEnd(Activity data)
        {
            for (var activity = data; activity is not null; activity = activity.Parent)
            {
                if (activity.Kind == ActivityKind.Server && activity.GetTagItem("url.path") is HealthPath or AlivePath)
                {
                    data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
                    return;
                }
            }
        }
    }
}

/// <summary>Names request spans and gives them route and status (https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server).</summary>
internal sealed class RequestSpans : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static async (context, next) =>
        {
            var status = StatusCodes.Status500InternalServerError;
            try
            {
                await next(context).ConfigureAwait(false);
                status = context.Response.StatusCode;
            }
            finally
            {
                if (context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span)
                {
                    Describe(span, context, status);
                }
            }
        });
        next(app);
    };

    private static void Describe(Activity span, HttpContext context, int status)
    {
        span.SetTag("http.response.status_code", status);
        if (status >= StatusCodes.Status500InternalServerError)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }

        // The path itself would be a name of its own for every value in it.
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        span.SetTag("http.route", route);
        span.DisplayName = route is null ? context.Request.Method : $"{context.Request.Method} {route}";
    }
}

/// <summary>Starts the telemetry providers before the services that they watch, and flushes them, within a limit, after those have stopped.</summary>
internal sealed partial class TelemetryLifetime(
    TracerProvider traces, MeterProvider metrics, LoggerProvider logs, ILogger<TelemetryLifetime> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(5);

    // The providers listen from their construction on, which asking for them has caused.
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Shuts the providers down side by side; disposing them later then has nothing left to wait for.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        var timeoutMs = (int)FlushTimeout.TotalMilliseconds;
        var flushed = await Task.WhenAll(
            Task.Run(() => traces.Shutdown(timeoutMs), CancellationToken.None),
            Task.Run(() => metrics.Shutdown(timeoutMs), CancellationToken.None),
            Task.Run(() => logs.Shutdown(timeoutMs), CancellationToken.None)).ConfigureAwait(false);
        if (flushed.Contains(false))
        {
            NotFlushed(logger, FlushTimeout.TotalSeconds);
        }
    }

    [LoggerMessage(EventId = 7002, Level = LogLevel.Warning, Message = "The telemetry collector did not take the last traces, metrics or logs within {Seconds} s.")]
    private static partial void NotFlushed(ILogger logger, double seconds);
}
