namespace Streaming.Data;

/// <summary>
/// What one instance's run of a pipeline's stateless stage has done since it began, written about once a second for readers that show rates. Counts of committed
/// transactions; exactness lies in Kafka, not here.
/// </summary>
public sealed class StageProgress
{
    public required string Pipeline { get; set; }

    /// <summary>The process's run.</summary>
    public required string Instance { get; set; }

    public DateTime StartedAt { get; set; }

    /// <summary>Records read.</summary>
    public long Taken { get; set; }

    /// <summary>Records published.</summary>
    public long Published { get; set; }

    /// <summary>Events that a filter passed over.</summary>
    public long Filtered { get; set; }

    /// <summary>Records that went to the dead-letter topic.</summary>
    public long Rejected { get; set; }

    /// <summary>Of those published: events whose key the reference topic does not know.</summary>
    public long Unknown { get; set; }

    public DateTime UpdatedAt { get; set; }
}
