namespace Streaming.Aggregator.Checkpoints;

/// <summary>A partition whose progress row this transaction has moved and now holds the lock of.</summary>
/// <param name="Change">What is written.</param>
/// <param name="Version">The row's new version: the stamp of every result row.</param>
/// <param name="OutboxSeq">The last outbox number of this transaction; the first is this minus the number of messages plus one.</param>
internal readonly record struct MovedPartition(PartitionChange Change, long Version, long OutboxSeq)
{
    /// <summary>The checkpoint's span, for what is written to be traced back to it; null when it is not recorded.</summary>
    public string? TraceParent { get; init; }
}
