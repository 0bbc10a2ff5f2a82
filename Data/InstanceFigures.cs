namespace Streaming.Data;

/// <summary>
/// What one instance of the Aggregator measures of a generation that it runs, written every few seconds for readers that show how it runs. No result depends on it.
/// Counts are since the instance began with the generation, and of what it has committed; a row that is no longer written says that its instance is gone.
/// </summary>
public sealed class InstanceFigures
{
    public required string Pipeline { get; set; }

    public int Generation { get; set; }

    /// <summary>The process's run.</summary>
    public required string Instance { get; set; }

    public DateTime StartedAt { get; set; }

    public DateTime UpdatedAt { get; set; }

    /// <summary>Partitions that it reads.</summary>
    public int Partitions { get; set; }

    /// <summary>Partitions that stopped at a gap in the log until an administrator decides.</summary>
    public int StoppedPartitions { get; set; }

    /// <summary>Whether reading pauses, because a bound is reached.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Records in the log behind what was read, over its partitions; null before it has read.</summary>
    public long? Lag { get; set; }

    /// <summary>Windows in memory.</summary>
    public int OpenWindows { get; set; }

    /// <summary>About how many bytes they take.</summary>
    public long StateBytes { get; set; }

    /// <summary>Events counted in windows.</summary>
    public long Events { get; set; }

    /// <summary>Events that came after their window had closed.</summary>
    public long Late { get; set; }

    /// <summary>Records that are no acceptable event.</summary>
    public long Rejected { get; set; }

    /// <summary>Events that the pipeline's filter passed over.</summary>
    public long Filtered { get; set; }

    /// <summary>Rows of windows that became final.</summary>
    public long ClosedWindows { get; set; }

    /// <summary>Alerts that began to fire or were resolved.</summary>
    public long AlertTransitions { get; set; }

    /// <summary>Partitions of a checkpoint that the guard refused: another instance has claimed them.</summary>
    public long RefusedPartitions { get; set; }

    /// <summary>Events in them, which would have been counted twice.</summary>
    public long RefusedEvents { get; set; }

    /// <summary>Checkpoints that were written.</summary>
    public long Checkpoints { get; set; }

    /// <summary>Attempts to write one that failed and were repeated.</summary>
    public long CheckpointFailures { get; set; }

    /// <summary>Times that the client lost a connection to Kafka, or could not make one.</summary>
    public long ConnectionsLost { get; set; }

    /// <summary>From an event's time to its commit, of the last minute, in microseconds: a <c>QuantileSketch</c> of Contracts.</summary>
    public required byte[] EventToCommit { get; set; }

    /// <summary>How long checkpoints took, of the last minute, in microseconds: a <c>QuantileSketch</c> of Contracts.</summary>
    public required byte[] CheckpointDuration { get; set; }
}
