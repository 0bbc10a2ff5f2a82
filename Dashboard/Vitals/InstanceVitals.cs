using Streaming.Contracts.Measures;

namespace Streaming.Dashboard.Vitals;

/// <summary>What one instance of the Aggregator says of a generation that it runs. Counts are since it began with it.</summary>
/// <param name="Lag">Records behind what it has read; null before it has read.</param>
/// <param name="EventToCommit">Of the last minute, in microseconds; null when it cannot be read.</param>
/// <param name="CheckpointDuration">Of the last minute, in microseconds; null when it cannot be read.</param>
public sealed record InstanceVitals(
    string Pipeline, int Generation, string Instance, DateTimeOffset StartedAt, DateTimeOffset UpdatedAt, int Partitions, int StoppedPartitions, bool IsPaused, long? Lag,
    long StateBytes, long Events, long RefusedPartitions, long RefusedEvents, long Checkpoints, long CheckpointFailures, long ConnectionsLost,
    QuantileSketch? EventToCommit, QuantileSketch? CheckpointDuration)
{
    /// <summary>An instance writes every five seconds, ten at the most; after three times that it has stopped.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(30);

    /// <summary>Who has been silent for this long is gone, and no longer shown.</summary>
    public static readonly TimeSpan GoneAfter = TimeSpan.FromMinutes(5);

    /// <summary>Whether it has stopped writing: what it says is of then, and not of now.</summary>
    public bool IsSilent(DateTimeOffset now) => now - UpdatedAt > SilentAfter;
}
