using Streaming.Aggregator.Alerts;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Outbox;
using Streaming.Aggregator.Windowing;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>What one checkpoint writes for one partition. It shares nothing that changes with the reader, which goes on meanwhile.</summary>
/// <param name="Partition">Whose progress it is.</param>
/// <param name="FromVersion">The version that was last written by this instance: the guard.</param>
/// <param name="FromOffset">The next offset that was last written: the guard's second half.</param>
/// <param name="ToOffset">The next offset from now on; at least <paramref name="FromOffset"/>.</param>
/// <param name="Changes">Windows, late counts, watermark.</param>
/// <param name="Outgoing">What must leave for Kafka besides, in order; closed windows included.</param>
/// <param name="Rejected">Records rejected since the last checkpoint, by the decoder or the engine.</param>
/// <param name="Filtered">Events that the pipeline's filter passed over since the last checkpoint.</param>
/// <param name="UnknownKeys">Accepted events whose key the reference topic does not know.</param>
/// <param name="EndOffset">The partition's high watermark as last seen; null when never seen.</param>
/// <param name="IdleMarks">The marks that advanced the watermark since the last checkpoint, by offset.</param>
public sealed record PartitionChange(
    InputPartition Partition,
    long FromVersion,
    long FromOffset,
    long ToOffset,
    ChangeSet Changes,
    IReadOnlyList<OutboxMessage> Outgoing,
    long Rejected,
    long Filtered,
    long UnknownKeys,
    long? EndOffset,
    IReadOnlyList<IdleMark> IdleMarks)
{
    /// <summary>Alerts: states that changed, and transitions.</summary>
    public PartitionAlerts Alerts { get; init; } = PartitionAlerts.None;

    /// <summary>Events that are kept for a while, beside their windows.</summary>
    public IReadOnlyList<TakenEvent> Events { get; init; } = [];

    /// <summary>Records whose way is traced: some of those that came with a context.</summary>
    public IReadOnlyList<SampledRecord> Sampled { get; init; } = [];

    /// <summary>How long events are kept, by event time: older ones, those of a replay, are not written at all.</summary>
    public TimeSpan EventsKeptFor { get; init; }

    /// <summary>Some of the times of the events that it counts, to tell how long they took.</summary>
    public EventTimes EventTimes { get; init; } = EventTimes.None;

    /// <summary>Set exactly when windows close of which rows are not in memory: what closes is worked out while the checkpoint is written.</summary>
    internal IStoredClosing? Closing { get; init; }

    /// <summary>Rows that the checkpoint writes for this partition.</summary>
    public int Rows => Changes.Open.Count + Changes.Closed.Count + Changes.LateCounts.Count + Outgoing.Count + Events.Count + Alerts.Rows + 1;
}
