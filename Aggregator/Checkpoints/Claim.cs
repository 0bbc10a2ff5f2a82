using Streaming.Aggregator.Alerts;
using Streaming.Aggregator.Windowing;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>What an instance owns after it claimed a partition: where to go on, and with what in memory.</summary>
/// <param name="Partition">What was claimed.</param>
/// <param name="Version">The row's version after the claim: the guard of the first checkpoint.</param>
/// <param name="NextOffset">The offset to read next.</param>
/// <param name="WatermarkMs">The stored watermark, milliseconds since the Unix epoch; null before the first event or mark.</param>
/// <param name="OpenRows">The rows of open windows; none when they would take too much memory.</param>
/// <param name="IsNew">True when there was no row before: the partition is read from the log's start.</param>
public sealed record Claim(
    InputPartition Partition,
    long Version,
    long NextOffset,
    long? WatermarkMs,
    IReadOnlyList<WindowRow> OpenRows,
    bool IsNew)
{
    /// <summary>Where the rows of open windows lie, when they were not loaded.</summary>
    public IReadOnlyList<StoredRows> Stored { get; init; } = [];

    /// <summary>What the alert rules remember of the partition's keys.</summary>
    public IReadOnlyList<StoredAlertState> AlertStates { get; init; } = [];
}
