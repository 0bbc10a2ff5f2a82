using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Aspire.Confluent.Kafka;

/// <summary>What producers and consumers have in common: where settings come from, what they must hold, which telemetry they join.</summary>
internal static class KafkaClientRules
{
    public const string LogCategory = "Aspire.Confluent.Kafka";

    /// <summary>Name of both the activity source and the meter under which the official package's instrumentation reports.</summary>
    private const string InstrumentationName = "OpenTelemetry.Instrumentation.ConfluentKafka";

    private const int StatisticsIntervalMs = 1000;

    /// <summary>Binds, in order of precedence from low to high: the section, its sub-section <paramref name="connectionName"/>, both with their <c>Config</c>.</summary>
    public static void Bind(IHostApplicationBuilder builder, string sectionName, string connectionName, object settings, ClientConfig config)
    {
        var section = builder.Configuration.GetSection(sectionName);
        var named = section.GetSection(connectionName);
        section.Bind(settings);
        named.Bind(settings);

        // The binder passes over a get-only property that is itself a collection, and a ClientConfig enumerates its pairs.
        section.GetSection("Config").Bind(config);
        named.GetSection("Config").Bind(config);
    }

    public static void Consolidate(ClientConfig config, string? connectionString, bool disableMetrics)
    {
        if (connectionString is not null)
        {
            config.BootstrapServers = connectionString;
        }

        if (!disableMetrics)
        {
            config.StatisticsIntervalMs ??= StatisticsIntervalMs;
        }
    }

    public static void RequireBootstrapServers(ClientConfig config)
    {
        if (string.IsNullOrEmpty(config.BootstrapServers))
        {
            throw new InvalidOperationException("No bootstrap servers configured.");
        }
    }

    public static void AddTelemetry(IServiceCollection services, bool disableMetrics, bool disableTracing)
    {
        if (!disableMetrics)
        {
            services.ConfigureOpenTelemetryMeterProvider(meters => meters.AddMeter(InstrumentationName));
        }

        if (!disableTracing)
        {
            services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddSource(InstrumentationName));
        }
    }
}
