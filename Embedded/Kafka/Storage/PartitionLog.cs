namespace Streaming.Embedded.Kafka.Storage;

/// <summary>One partition: an append-only log of record batches with dense offsets. Every member may be called from any thread.</summary>
public sealed class PartitionLog
{
    /// <summary>The partition's number in its topic.</summary>
    public int Index { get; private init; }

    /// <summary>Offset of the first record that can be read.</summary>
    public long LogStartOffset => throw new NotSupportedException();

    /// <summary>Offset that the next record gets; with one replica the log's end and the high watermark are the same.</summary>
    public long HighWatermark => throw new NotSupportedException();

    /// <summary>Bytes of all segments.</summary>
    public long SizeBytes => throw new NotSupportedException();

    /// <summary>Raised after <see cref="HighWatermark"/> has grown, and when the log is closed, outside of any lock. Must not block.</summary>
    public event Action? Advanced;

    /// <summary>Done when <see cref="HighWatermark"/> is greater than <paramref name="knownHighWatermark"/> or the log has been closed.</summary>
    public Task WaitForDataAsync(long knownHighWatermark, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Validates and appends one or more v2 record batches as produced, all or none; the bytes are not kept or changed.</summary>
    public AppendResult Append(ReadOnlyMemory<byte> recordBatches) => throw new NotSupportedException();

    /// <summary>
    /// Whole batches from the one that holds <paramref name="offset"/> on, at most <paramref name="maxBytes"/>. If the first is larger than that, it comes
    /// alone with <paramref name="minOneBatch"/>, else nothing comes. Dispose the slice.
    /// </summary>
    public LogSlice Read(long offset, int maxBytes, bool minOneBatch) => throw new NotSupportedException();

    /// <summary>
    /// The first record whose timestamp (epoch milliseconds) is not before <paramref name="timestampMs"/>; null if there is none. In a batch
    /// compressed with zstd the offset is the batch's first one.
    /// </summary>
    public (long Offset, long Timestamp)? OffsetForTimestamp(long timestampMs) => throw new NotSupportedException();

    /// <summary>The first record that carries the largest timestamp; (-1, -1) for an empty log.</summary>
    public (long Offset, long Timestamp) MaxTimestamp() => throw new NotSupportedException();

    /// <summary>Moves <see cref="LogStartOffset"/> up to <paramref name="beforeOffset"/> (-1: the high watermark), durably; whole segments before it go.</summary>
    /// <returns>None, or OffsetOutOfRange if it lies behind the high watermark.</returns>
    public StorageError DeleteRecords(long beforeOffset) => throw new NotSupportedException();

    internal void SetConfig(TopicConfig config) => throw new NotSupportedException();

    private void OnAdvanced() => Advanced?.Invoke();
}
