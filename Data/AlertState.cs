namespace Streaming.Data;

/// <summary>What an alert rule remembers of one key: since when its condition holds, whether it fires, its baseline. Moves with the checkpoint.</summary>
public sealed class AlertState
{
    public required string Pipeline { get; set; }

    public int Generation { get; set; }

    public Guid TopicId { get; set; }

    public int Partition { get; set; }

    public required string Rule { get; set; }

    public required string GroupKey { get; set; }

    /// <summary>Whether the alert fires now.</summary>
    public bool IsFiring { get; set; }

    /// <summary>The rest, as JSON that only the Aggregator reads.</summary>
    public required string State { get; set; }

    /// <summary>The <see cref="Checkpoint.Version"/> that wrote the row last.</summary>
    public long Version { get; set; }
}
