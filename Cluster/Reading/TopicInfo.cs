using System.Collections.Immutable;

namespace Streaming.Cluster.Reading;

/// <summary>A topic and its partitions, as the cluster describes it.</summary>
public sealed record TopicInfo(string Name, ImmutableArray<PartitionInfo> Partitions)
{
    /// <summary>Copies of each partition, the most where they differ; 0 where nothing is known.</summary>
    public int Replication => Partitions.IsEmpty ? 0 : Partitions.Max(partition => partition.Replicas.Length);

    /// <summary>Whether it is one of Kafka's own, by the convention of their names.</summary>
    public bool IsInternal => Name.StartsWith("__", StringComparison.Ordinal);
}

/// <summary>One partition: who leads it and who has copies of it.</summary>
/// <param name="Leader">The leading broker's id; null while there is none.</param>
/// <param name="Replicas">Ids of the brokers that are to have it.</param>
/// <param name="InSync">Ids of those that are up to date.</param>
public sealed record PartitionInfo(int Partition, int? Leader, ImmutableArray<int> Replicas, ImmutableArray<int> InSync);

/// <summary>What a partition's log holds: offsets from <see cref="Begin"/> to before <see cref="End"/>.</summary>
/// <param name="Begin">The first offset that is still there.</param>
/// <param name="End">The offset of the next record.</param>
public readonly record struct LogBounds(long Begin, long End)
{
    /// <summary>
    /// How many records, about: compaction leaves gaps, and the markers of transactions take offsets too.
    /// </summary>
    public long Records => Math.Max(0, End - Begin);
}

/// <summary>A topic's setting.</summary>
/// <param name="IsDefault">Nobody has set it for this topic.</param>
/// <param name="IsSensitive">The cluster does not tell its value.</param>
public sealed record TopicSetting(string Name, string? Value, bool IsDefault, bool IsSensitive);
