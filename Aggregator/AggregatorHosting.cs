using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Streaming.Aggregator.Control;
using Streaming.Aggregator.Outbox;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.References;
using Streaming.Aggregator.Schemas;
using Streaming.Aggregator.Startup;
using Streaming.Aggregator.Telemetry;
using Streaming.Contracts;
using Streaming.Contracts.Hosting;
using Streaming.Contracts.SchemaRegistry;
using Streaming.Data;

namespace Streaming.Aggregator;

/// <summary>Adds the Aggregator to a host: <c>ConnectionStrings:kafka</c>, <c>ConnectionStrings:streaming</c>, section <c>Aggregator</c>.</summary>
public static class AggregatorHosting
{
    /// <summary>Runs pipelines in this host.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="pipelines">The pipelines; when null or empty those of the folder <c>Pipelines</c> that <c>Aggregator:Pipelines</c> names, or those of the scenarios that are on.</param>
    public static TBuilder AddAggregator<TBuilder>(this TBuilder builder, IReadOnlyList<PipelineDefinition>? pipelines = null)
        where TBuilder : IHostApplicationBuilder
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<AggregatorOptions>, AggregatorOptionsValidator>();
        services.AddOptions<AggregatorOptions>().BindConfiguration(AggregatorOptions.Section).ValidateOnStart();
        services.AddSingleton(provider => pipelines is { Count: > 0 }
            ? pipelines
            : PipelineCatalog.Find(
                typeof(AggregatorHosting).Assembly, provider.GetRequiredService<IOptions<AggregatorOptions>>().Value.PipelineNames,
                Scenarios.Parse(builder.Configuration[Scenarios.Key])));
        services.AddSingleton(InstanceName.Create());
        services.AddSingleton(_ => AggregatorConnections.CreateDatabase(builder.Configuration));
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<KnownKeys>();
        services.AddSingleton<PipelineHealth>();
        services.AddSingleton<RelayStatus>();
        services.AddSingleton<ControlSignal>();
        services.AddSingleton(_ => AggregatorConnections.CreateAdmin(builder.Configuration));
        services.AddSingleton<SourceLog>();
        services.AddSingleton<PipelineControl>();
        services.AddSingleton<IValidateOptions<ControlOptions>, ControlOptions.Validator>();
        services.AddOptions<ControlOptions>().BindConfiguration(ControlOptions.Section).ValidateOnStart();
        services.AddSingleton<AggregatorTelemetry>();
        builder.AddSchemaRegistryClient();
        if (services.Any(service => service.ServiceType == typeof(SchemaRegistryClient)))
        {
            services.AddSingleton<SchemaDirectory>();
        }

        services.AddSingleton<DatabaseMigration>();
        services.AddHostedService<AggregatorWorker>();
        services.AddHealthChecks().AddCheck<PipelineHealth>("consuming").AddCheck<RelayStatus>("relay");
        // A line for each statement of the migration says nothing that 2003 does not.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        // The first migration asks for a table that is not there yet; a statement that really fails ends in an exception, and that is logged.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.None);
        builder.AddNpgsqlDbContext<StreamingDbContext>(AggregatorConnections.Database);
        return builder;
    }
}
