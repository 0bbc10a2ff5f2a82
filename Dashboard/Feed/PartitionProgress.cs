namespace Streaming.Dashboard.Feed;

/// <summary>How far one input partition has come, as of its newest checkpoint.</summary>
/// <param name="Id">The partition.</param>
/// <param name="Topic">The topic's name.</param>
/// <param name="Version">Grows by one with every checkpoint.</param>
/// <param name="NextOffset">The offset to read next.</param>
/// <param name="EndOffset">The partition's end when it was last seen; null when nobody has looked yet.</param>
/// <param name="Watermark">Windows that end before it (and their grace) are final; null before the first event.</param>
/// <param name="Events">Events counted in windows, since the generation began.</param>
/// <param name="Late">Events that came after their window had closed.</param>
/// <param name="Rejected">Records that are no acceptable event.</param>
/// <param name="UpdatedAt">When the checkpoint was written, by the database's clock.</param>
/// <param name="TraceParent">W3C trace context of the newest checkpoint that was traced; null before the first.</param>
public sealed record PartitionProgress(
    PartitionId Id,
    string Topic,
    long Version,
    long NextOffset,
    long? EndOffset,
    DateTimeOffset? Watermark,
    long Events,
    long Late,
    long Rejected,
    DateTimeOffset UpdatedAt,
    string? TraceParent)
{
    /// <summary>Records not read yet; null when the partition's end is not known.</summary>
    public long? Lag => EndOffset is { } end ? Math.Max(0, end - NextOffset) : null;
}
