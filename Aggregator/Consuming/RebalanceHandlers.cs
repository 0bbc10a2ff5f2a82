using Confluent.Kafka;

namespace Streaming.Aggregator.Consuming;

/// <summary>Whoever owns the partitions. Called on the consumer's thread, inside its poll.</summary>
internal interface IRebalanceHandler
{
    void Assigned(IReadOnlyList<TopicPartition> partitions);

    void Revoked(IReadOnlyList<TopicPartition> partitions);

    void Lost(IReadOnlyList<TopicPartition> partitions);
}

/// <summary>Connects the client's rebalance callbacks, which are set when it is built, with the loop, which needs the client.</summary>
internal sealed class RebalanceHandlers
{
    public IRebalanceHandler? Handler { get; set; }

    public void Attach(ConsumerBuilder<byte[], byte[]> builder) => builder
        // Progress lies in PostgreSQL, not in the group: the position is set when the claim is there, and until then the end has the least to fetch.
        .SetPartitionsAssignedHandler((_, partitions) =>
        {
            Handler?.Assigned(partitions);
            return partitions.Select(partition => new TopicPartitionOffset(partition, Offset.End));
        })
        .SetPartitionsRevokedHandler((_, partitions) => Handler?.Revoked(partitions.ConvertAll(p => p.TopicPartition)))
        .SetPartitionsLostHandler((_, partitions) => Handler?.Lost(partitions.ConvertAll(p => p.TopicPartition)));
}
