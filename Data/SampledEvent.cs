namespace Streaming.Data;

/// <summary>
/// An event whose way is traced, written by the checkpoint that took it in: a few for each checkpoint at most, for a while, whether the pipeline keeps its events or not.
/// </summary>
public sealed class SampledEvent
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

    /// <summary>W3C <c>traceparent</c> of the span that sent its record.</summary>
    public required string TraceParent { get; set; }

    /// <summary>W3C <c>traceparent</c> of the checkpoint's span.</summary>
    public required string CheckpointTraceParent { get; set; }

    /// <summary>The <see cref="Checkpoint.Version"/> that wrote it.</summary>
    public long Version { get; set; }

    public DateTime CreatedAt { get; set; }
}
