namespace Streaming.Aggregator.Checkpoints;

/// <summary>What became of a checkpoint whose commit went unanswered.</summary>
/// <param name="IsWritten">True: it is in the database. False: it is not and can be tried again.</param>
/// <param name="Claimed">Partitions that another instance has claimed since: what was written no longer matters to this one.</param>
public sealed record CheckpointOutcome(bool IsWritten, IReadOnlyList<InputPartition> Claimed);
