namespace Streaming.Embedded.Kafka.Storage;

/// <summary>Which records a consumer wants to see; the numbers are the protocol's.</summary>
public enum IsolationLevel : sbyte
{
    /// <summary>All, up to the high watermark.</summary>
    ReadUncommitted = 0,

    /// <summary>Up to the last stable offset, with the list of what was aborted, which the consumer leaves out.</summary>
    ReadCommitted = 1,
}

/// <summary>A log's offsets at one moment: <c>LogStartOffset ≤ LastStableOffset ≤ HighWatermark</c>.</summary>
/// <param name="HighWatermark">The offset of the next record.</param>
/// <param name="LastStableOffset">Everything before it is committed or aborted.</param>
/// <param name="LogStartOffset">The first offset that can be read.</param>
public readonly record struct LogBounds(long HighWatermark, long LastStableOffset, long LogStartOffset)
{
    /// <summary>Where reading ends.</summary>
    public long EndFor(IsolationLevel isolation) => isolation == IsolationLevel.ReadCommitted ? LastStableOffset : HighWatermark;
}
