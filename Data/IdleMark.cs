namespace Streaming.Data;

/// <summary>The clock advanced a silent partition's watermark before <see cref="NextOffset"/> was read. A replay applies marks and no clock.</summary>
public sealed class IdleMark
{
    public required string Pipeline { get; set; }

    public int Generation { get; set; }

    public Guid TopicId { get; set; }

    public int Partition { get; set; }

    public long NextOffset { get; set; }

    public DateTime Watermark { get; set; }
}
