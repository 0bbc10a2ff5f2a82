namespace Streaming.Data;

/// <summary>An alert began to fire, or was resolved: once each, in event time. The same goes to the topic <c>alerts</c>.</summary>
public sealed class AlertTransition
{
    public required string Pipeline { get; set; }

    public int Generation { get; set; }

    public Guid TopicId { get; set; }

    public int Partition { get; set; }

    public required string Rule { get; set; }

    public required string GroupKey { get; set; }

    /// <summary>Event time of the transition: the end of the window that decided it, UTC.</summary>
    public DateTime At { get; set; }

    /// <summary><c>firing</c> or <c>resolved</c>.</summary>
    public required string Transition { get; set; }

    /// <summary>A word of the rule's choice: <c>info</c>, <c>warning</c>, <c>critical</c>.</summary>
    public required string Severity { get; set; }

    /// <summary>The kind of windows that the rule judges.</summary>
    public required string WindowName { get; set; }

    public DateTime WindowStart { get; set; }

    public DateTime WindowEnd { get; set; }

    /// <summary>What was judged; null for an absence.</summary>
    public double? Value { get; set; }

    /// <summary>What it was held against.</summary>
    public double? Threshold { get; set; }

    /// <summary>The transition in words for a person.</summary>
    public required string Message { get; set; }

    /// <summary>W3C <c>traceparent</c> of the span of the checkpoint that decided it; null when that was not traced.</summary>
    public string? TraceParent { get; set; }

    public long Version { get; set; }

    public DateTime CreatedAt { get; set; }
}
