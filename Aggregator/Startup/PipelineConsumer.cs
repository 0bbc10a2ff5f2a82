using Confluent.Kafka;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Telemetry;
using Streaming.Contracts.Kafka;

namespace Streaming.Aggregator.Startup;

/// <summary>The Kafka consumer of one generation of a pipeline: settings of the section <c>Aspire:Confluent:Kafka:Consumer</c>, and those that correctness needs.</summary>
internal static class PipelineConsumer
{
    /// <summary>The consumer group: the pipeline's name; a later generation reads beside the former one, in a group of its own.</summary>
    public static string GroupOf(AggregatorOptions options, string pipeline, int generation) =>
        generation == 1 ? options.GroupPrefix + pipeline : $"{options.GroupPrefix}{pipeline}.g{generation}";

    /// <param name="connectionLost">Told of each connection that the client loses or cannot make.</param>
    public static IConsumer<byte[], byte[]> Create(
        IConfiguration configuration, AggregatorOptions options, string group, RebalanceHandlers rebalances, Action connectionLost, ILogger logger)
    {
        var config = AggregatorConnections.ConsumerConfig(configuration);
        JoinGroup(config, options, group);
        // A position outside of the log is never silently replaced: it is a gap, or another topic.
        config.AutoOffsetReset = AutoOffsetReset.Error;
        // Offsets that were stored after a checkpoint are committed in the background: the group's lag is their only reader.
        config.EnableAutoCommit = true;
        config.AutoCommitIntervalMs = 1000;
        config.EnablePartitionEof = true;
        var builder = new ConsumerBuilder<byte[], byte[]>(config)
            .SetErrorHandler((_, error) =>
            {
                AggregatorLog.ClientSays(logger, error.Reason);
                if (ConnectionErrors.IsLost(error))
                {
                    connectionLost();
                }
            })
            .SetLogHandler((_, line) => AggregatorLog.ClientSays(logger, line.Message));
        rebalances.Attach(builder);
        return builder.Build();
    }

    /// <summary>What every member of a group here needs, over the user's settings.</summary>
    public static void JoinGroup(ConsumerConfig config, AggregatorOptions options, string group)
    {
        config.GroupId = group;
        config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky;
        config.SessionTimeoutMs = (int)options.SessionTimeout.TotalMilliseconds;
        // A member hears of a rebalance by its next heartbeat, and a cooperative one takes two: with the default of 3 s, sharing with a second replica takes up to 6 s.
        config.HeartbeatIntervalMs = Math.Min(1000, (int)options.SessionTimeout.TotalMilliseconds / 3);
        config.IsolationLevel = IsolationLevel.ReadCommitted;
        // Only what is handed over by hand is committed.
        config.EnableAutoOffsetStore = false;
        // The default of 1 s makes rates collapse at random once the client's queue was full.
        config.FetchQueueBackoffMs = 1;
        // How soon a topic that was deleted or created anew, or has more partitions, is noticed.
        config.TopicMetadataRefreshIntervalMs = 5000;
        config.AllowAutoCreateTopics = false;
    }
}
