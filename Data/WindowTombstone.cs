namespace Streaming.Data;

/// <summary>
/// A row of <see cref="WindowResult"/> that has ceased to be, for readers that hold it: two sessions became one, or the last window of a pane has closed. Kept
/// for an hour; a reader that was away for longer loads everything anew.
/// </summary>
public sealed class WindowTombstone
{
    public required string Pipeline { get; set; }

    public int Generation { get; set; }

    public Guid TopicId { get; set; }

    public int Partition { get; set; }

    public required string WindowName { get; set; }

    public bool IsPane { get; set; }

    public DateTime WindowStart { get; set; }

    public DateTime WindowEnd { get; set; }

    public required string GroupKey { get; set; }

    /// <summary>The <see cref="Checkpoint.Version"/> that removed the row.</summary>
    public long Version { get; set; }

    public DateTime CreatedAt { get; set; }
}
