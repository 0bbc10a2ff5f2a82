namespace Streaming.Data;

/// <summary>
/// An event that a pipeline has taken in, or that came too late for it, written by the checkpoint that took it: for a while, so that what the windows say can be
/// recomputed by the database, and single events can be shown. See <c>KeepEvents</c> of a pipeline.
/// </summary>
public sealed class KeptEvent
{
    public required string Pipeline { get; set; }

    public int Generation { get; set; }

    /// <summary>Kafka's id of the topic that it was read from.</summary>
    public Guid TopicId { get; set; }

    public int Partition { get; set; }

    public long Offset { get; set; }

    public DateTime EventTime { get; set; }

    public required string GroupKey { get; set; }

    /// <summary>True: its windows had closed, and it is in no result.</summary>
    public bool IsLate { get; set; }

    /// <summary>The values of the pipeline's fields in their order, in units of their scale; null where the event lacks one.</summary>
    public required long?[] Values { get; set; }

    /// <summary>The record's value, as the windows read it.</summary>
    public byte[]? Body { get; set; }

    /// <summary>The <see cref="Checkpoint.Version"/> that wrote it.</summary>
    public long Version { get; set; }
}
