using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.References;
using Streaming.Aggregator.Startup;
using Streaming.Aggregator.Telemetry;
using Streaming.Data;

namespace Streaming.Aggregator;

/// <summary>Adds the Aggregator to a host: <c>ConnectionStrings:kafka</c>, <c>ConnectionStrings:streaming</c>, section <c>Aggregator</c>.</summary>
public static class AggregatorHosting
{
    /// <summary>Runs a pipeline in this host.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="pipeline">The pipeline; <see cref="SalesByStore"/> when null.</param>
    public static TBuilder AddAggregator<TBuilder>(this TBuilder builder, PipelineDefinition? pipeline = null)
        where TBuilder : IHostApplicationBuilder
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<AggregatorOptions>, AggregatorOptionsValidator>();
        services.AddOptions<AggregatorOptions>().BindConfiguration(AggregatorOptions.Section).ValidateOnStart();
        services.AddSingleton(pipeline ?? SalesByStore.Define());
        services.AddSingleton(InstanceName.Create());
        services.AddSingleton(_ => AggregatorConnections.CreateDatabase(builder.Configuration));
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<KnownKeys>();
        services.AddSingleton<RebalanceHandlers>();
        services.AddSingleton<ConsumptionStatus>();
        services.AddSingleton<AggregatorTelemetry>();
        services.AddSingleton<DatabaseMigration>();
        services.AddHostedService<AggregatorWorker>();
        services.AddHealthChecks().AddCheck<ConsumptionStatus>("consuming");
        // A line for each statement of the migration says nothing that 2003 does not.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        // The first migration asks for a table that is not there yet; a statement that really fails ends in an exception, and that is logged.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.None);
        builder.AddNpgsqlDbContext<StreamingDbContext>(AggregatorConnections.Database);
        builder.AddKafkaConsumer<byte[], byte[]>(
            AggregatorConnections.Kafka,
            settings => Configure(settings.Config, builder.Configuration.GetSection(AggregatorOptions.Section).Get<AggregatorOptions>() ?? new()),
            (provider, consumer) => provider.GetRequiredService<RebalanceHandlers>().Attach(consumer));
        return builder;
    }

    private static void Configure(ConsumerConfig config, AggregatorOptions options)
    {
        config.GroupId = options.GroupId;
        config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky;
        config.SessionTimeoutMs = (int)options.SessionTimeout.TotalMilliseconds;
        config.HeartbeatIntervalMs = Math.Min(3000, (int)options.SessionTimeout.TotalMilliseconds / 3);
        config.IsolationLevel = IsolationLevel.ReadCommitted;
        // A position outside of the log is never silently replaced: it is a gap, or another topic.
        config.AutoOffsetReset = AutoOffsetReset.Error;
        // Only offsets that were stored after a checkpoint are committed, in the background: the group's lag is their only reader.
        config.EnableAutoOffsetStore = false;
        config.EnableAutoCommit = true;
        config.AutoCommitIntervalMs = 1000;
        config.EnablePartitionEof = true;
        // The default of 1 s makes rates collapse at random once the client's queue was full.
        config.FetchQueueBackoffMs = 1;
        // How soon a topic that was deleted or created anew is noticed.
        config.TopicMetadataRefreshIntervalMs = 5000;
        config.AllowAutoCreateTopics = false;
    }
}
