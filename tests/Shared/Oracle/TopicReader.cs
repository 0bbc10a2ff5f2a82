using Confluent.Kafka;

namespace Streaming.Tests.Oracle;

/// <summary>Reads what is committed in a topic, from its beginning to its present end, with a consumer of its own and no group.</summary>
internal static class TopicReader
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);

    public static IReadOnlyList<ConsumeResult<byte[], byte[]>> ReadAll(string bootstrapServers, string topic)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
        var partitions = admin.GetMetadata(topic, s_timeout).Topics.Single().Partitions.Select(p => new TopicPartition(topic, p.PartitionId)).ToList();
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = $"oracle-{Guid.NewGuid():N}",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            AutoOffsetReset = AutoOffsetReset.Error,
            IsolationLevel = IsolationLevel.ReadCommitted,
        }).Build();
        consumer.Assign(partitions.Select(p => new TopicPartitionOffset(p, consumer.QueryWatermarkOffsets(p, s_timeout).Low)));

        var records = new List<ConsumeResult<byte[], byte[]>>();
        var open = partitions.Select(p => p.Partition.Value).ToHashSet();
        while (open.Count > 0)
        {
            var record = consumer.Consume(s_timeout) ?? throw new TimeoutException($"no record and no end of {topic} within {s_timeout}");
            if (record.IsPartitionEOF)
            {
                open.Remove(record.Partition.Value);
            }
            else
            {
                records.Add(record);
            }
        }

        return records;
    }
}
