using Confluent.Kafka;

namespace Streaming.Aggregator.Consuming;

/// <summary>Partitions as a log line names them; put into words only when the line is written.</summary>
internal readonly record struct PartitionNumbers(IReadOnlyList<TopicPartition> Partitions)
{
    public override string ToString() => string.Join(", ", Partitions.Select(partition => partition.Partition.Value).Order());
}
