namespace Streaming.Embedded.Kafka.Groups;

/// <summary>A topic's partition, by name: the same key that clients commit under.</summary>
internal readonly record struct TopicPartition(string Topic, int Partition);

/// <summary>Where a group goes on in a partition.</summary>
/// <param name="NextOffset">Offset of the next record to read.</param>
/// <param name="LeaderEpoch">Epoch of the last record read; -1: not told.</param>
internal readonly record struct CommittedOffset(long NextOffset, int LeaderEpoch, string? Metadata);
