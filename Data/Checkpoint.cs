namespace Streaming.Data;

/// <summary>
/// How far one input partition has come. Every writer moves <see cref="Version"/> by one under the row's lock and names the version that it
/// read; a writer that names an older one has been replaced and writes nothing.
/// </summary>
public sealed class Checkpoint
{
    public required string Pipeline { get; set; }

    public int Generation { get; set; }

    /// <summary>Kafka's id of the source topic: a topic that was deleted and created anew has another.</summary>
    public Guid TopicId { get; set; }

    public int Partition { get; set; }

    public required string Topic { get; set; }

    /// <summary>Grows by one with every claim and every checkpoint.</summary>
    public long Version { get; set; }

    /// <summary>The offset to read next: everything before it is in the results.</summary>
    public long NextOffset { get; set; }

    /// <summary>Largest event time seen minus the allowed out-of-orderness, or what an idle mark advanced it to; null before the first event.</summary>
    public DateTime? Watermark { get; set; }

    /// <summary>The last number given to an outbox row of this partition; 0 before the first.</summary>
    public long OutboxSeq { get; set; }

    /// <summary>Events counted in windows.</summary>
    public long Events { get; set; }

    /// <summary>Events that came after their window had closed.</summary>
    public long Late { get; set; }

    /// <summary>Records that are no acceptable event.</summary>
    public long Rejected { get; set; }

    /// <summary>Events that the pipeline's filter passed over.</summary>
    public long Filtered { get; set; }

    /// <summary>Events whose key the reference topic does not know.</summary>
    public long UnknownKeys { get; set; }

    /// <summary>The partition's high watermark when it was last seen; lag is this minus <see cref="NextOffset"/>.</summary>
    public long? EndOffset { get; set; }

    /// <summary>The instance that wrote the row last.</summary>
    public required string Owner { get; set; }

    /// <summary>W3C <c>traceparent</c> of the span of the newest checkpoint that was traced, for readers that go on with the trace.</summary>
    public string? TraceParent { get; set; }

    public DateTime UpdatedAt { get; set; }
}
