namespace Streaming.Data;

/// <summary>The measures of one group in one window, from one input partition. The mean is <see cref="Sum"/> / <see cref="Count"/>.</summary>
public sealed class WindowResult
{
    public required string Pipeline { get; set; }

    public int Generation { get; set; }

    public Guid TopicId { get; set; }

    public int Partition { get; set; }

    /// <summary>Which of the pipeline's kinds of windows: the name in its definition, such as <c>1m</c>.</summary>
    public required string WindowName { get; set; }

    /// <summary>
    /// True for a pane: a slice of hopping or cumulative windows that are still open. Readers merge panes to windows; a pane goes when the last window that
    /// it is part of has closed.
    /// </summary>
    public bool IsPane { get; set; }

    /// <summary>First instant of the window, UTC, inclusive.</summary>
    public DateTime WindowStart { get; set; }

    /// <summary>End of the window, UTC, exclusive.</summary>
    public DateTime WindowEnd { get; set; }

    public required string GroupKey { get; set; }

    public long Count { get; set; }

    public decimal Sum { get; set; }

    public long Min { get; set; }

    public long Max { get; set; }

    /// <summary>Events that came for this window after it had closed; they are in none of the measures.</summary>
    public long Late { get; set; }

    /// <summary>
    /// What the columns cannot hold (further fields, sketches): <c>Streaming.Contracts.Measures.MeasureState</c>, encoded; null where the pipeline's measures
    /// need none.
    /// </summary>
    public byte[]? State { get; set; }

    /// <summary>True once the watermark has passed the window's end and grace: the measures change no more.</summary>
    public bool IsFinal { get; set; }

    /// <summary>The <see cref="Checkpoint.Version"/> that wrote the row last: readers ask for rows beyond the one they have seen.</summary>
    public long Version { get; set; }
}
