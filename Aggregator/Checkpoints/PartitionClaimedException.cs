namespace Streaming.Aggregator.Checkpoints;

/// <summary>
/// A guard refused: the named partitions have been claimed by another instance (or their rows are gone). Nothing of the checkpoint was
/// written; the memory of these partitions is worthless.
/// </summary>
public sealed class PartitionClaimedException(IReadOnlyList<InputPartition> partitions)
    : Exception($"Claimed by another instance: {string.Join(", ", partitions)}.")
{
    public IReadOnlyList<InputPartition> Partitions { get; } = partitions;
}
