using Confluent.Kafka;
using Streaming.Contracts;
using Streaming.Contracts.Kafka;

namespace Streaming.Embedded.SchemaRegistry.Store;

/// <summary>The Kafka clients of a session, and the topic.</summary>
internal static class SchemasClients
{
    // A schema of the largest body, escaped in JSON at its worst.
    private const int RoomForEscapes = 6;

    /// <summary>Creates the topic unless it is there. Waits while there is no broker.</summary>
    public static Task EnsureTopicAsync(SchemaRegistryOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var topic = new TopicDeclaration(options.Topic, 1, Timeout.InfiniteTimeSpan, CleanupPolicy.Compact)
        {
            MaxMessageBytes = MaxMessageBytes(options),
            SegmentBytes = 4 * 1024 * 1024,
        };
        return KafkaTopics.EnsureAsync(new ClientConfig { BootstrapServers = options.BootstrapServers }, [topic], logger, cancellationToken);
    }

    public static IProducer<byte[], byte[]> Producer(SchemaRegistryOptions options, ILogger logger) =>
        new ProducerBuilder<byte[], byte[]>(new ProducerConfig
        {
            BootstrapServers = options.BootstrapServers,
            TransactionalId = $"schema-registry-{options.Topic}",
            TransactionTimeoutMs = (int)options.WriteTimeout.TotalMilliseconds,
            MessageTimeoutMs = (int)options.WriteTimeout.TotalMilliseconds,
            MessageMaxBytes = MaxMessageBytes(options),
            LingerMs = 0,
            ReconnectBackoffMaxMs = 1000,
        })
        .SetLogHandler((_, line) => Log.ClientLine(logger, line.Message))
        .SetErrorHandler((_, error) => Log.ClientLine(logger, error.Reason))
        .Build();

    public static IConsumer<byte[], byte[]> Consumer(SchemaRegistryOptions options, ILogger logger) =>
        new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = options.BootstrapServers,
            // The client wants one; there is no group: the partition is assigned by hand and nothing is committed.
            GroupId = $"schema-registry-{options.Topic}",
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            EnablePartitionEof = true,
            AutoOffsetReset = AutoOffsetReset.Error,
            IsolationLevel = IsolationLevel.ReadCommitted,
            FetchMaxBytes = Math.Max(52_428_800, MaxMessageBytes(options)),
            FetchWaitMaxMs = 100,
            FetchQueueBackoffMs = 1,
            ReconnectBackoffMaxMs = 1000,
        })
        .SetLogHandler((_, line) => Log.ClientLine(logger, line.Message))
        .SetErrorHandler((_, error) => Log.ClientLine(logger, error.Reason))
        .Build();

    private static int MaxMessageBytes(SchemaRegistryOptions options) => (options.MaxBodyBytes * RoomForEscapes) + 4096;
}
