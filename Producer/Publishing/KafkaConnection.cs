using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.Contracts;
using Streaming.Contracts.Kafka;

namespace Streaming.Producer.Publishing;

/// <summary>How the producer is connected and configured.</summary>
/// <param name="Config">The producer's configuration, bootstrap servers and security included.</param>
public sealed record KafkaConnection(ProducerConfig Config)
{
    /// <summary>Bounds what is in memory, and what a stop has to wait for.</summary>
    private const int QueueLimit = 50_000;
    private const int QueueLimitKBytes = 64 * 1024;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Sets what exactness and order rest on, whatever was configured; and, where nothing was configured, what suits many small records.</summary>
    public static void Configure(ProducerConfig config, ProducerOptions options)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(options);
        config.EnableIdempotence = true;
        config.Acks = Acks.All;
        config.Partitioner = Partitioner.Murmur2Random;
        config.MessageTimeoutMs = (int)Math.Clamp(options.DeliveryTimeout.TotalMilliseconds, 1, int.MaxValue);
        config.DeliveryReportFields = "status";
        config.LingerMs ??= 5;
        config.QueueBufferingMaxMessages ??= QueueLimit;
        config.QueueBufferingMaxKbytes ??= QueueLimitKBytes;
        config.ReconnectBackoffMaxMs ??= 1000;
    }

    /// <summary>Whether no partition of <paramref name="topic"/> has ever held a record.</summary>
    /// <exception cref="KafkaException">The broker cannot be asked.</exception>
    public async Task<bool> IsUntouchedAsync(TopicDeclaration topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        await using var connection = new AdminConnection(() => new AdminClientBuilder(KafkaTopics.AdminConfig(Config))
            .SetLogHandler((_, _) => { /* The producer's own client says the same to the log. */ })
            .Build());
        var ends = Enumerable.Range(0, topic.Partitions).Select(partition =>
            new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic.Name, partition), OffsetSpec = OffsetSpec.Latest() });
        var options = new ListOffsetsOptions { RequestTimeout = RequestTimeout };
        var answer = await connection.AskAsync((admin, _) => admin.ListOffsetsAsync(ends, options), cancellationToken).ConfigureAwait(false);
        return answer.ResultInfos.All(info => info.TopicPartitionOffsetError.Offset.Value == 0);
    }
}
