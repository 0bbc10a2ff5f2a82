using System.Buffers;
using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>Finds records by time. The caller keeps the segment's file open.</summary>
internal static class TimestampSearch
{
    /// <summary>The segment's first record at or after <paramref name="minimumOffset"/> whose timestamp is not before <paramref name="timestampMs"/>.</summary>
    public static (long Offset, long Timestamp)? First(LogSegment segment, long timestampMs, long minimumOffset)
    {
        var window = new HeaderWindow(segment.File, segment.Size, stackalloc byte[HeaderWindow.BufferSize]);
        var position = segment.Index.PositionForTimestamp(timestampMs);
        while (window.TryRead(position, out var header))
        {
            if (header.MaxTimestamp >= timestampMs && header.LastOffset >= minimumOffset
                && FirstInBatch(segment, position, header, timestampMs, minimumOffset) is { } found)
            {
                return found;
            }
            position += header.TotalSize;
        }
        return null;
    }

    private static (long Offset, long Timestamp)? FirstInBatch(
        LogSegment segment, long position, in RecordBatchHeader header, long timestampMs, long minimumOffset)
    {
        var isWhole = header.RecordCount == header.LastOffsetDelta + 1; // compaction leaves gaps
        if (header.Attributes.HasFlag(BatchAttributes.LogAppendTime) && isWhole)
        {
            return (Math.Max(header.BaseOffset, minimumOffset), header.MaxTimestamp);
        }
        var size = (int)header.TotalSize - RecordBatchHeader.Size;
        var stored = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var records = stored.AsSpan(0, size);
            var read = RandomAccess.Read(segment.File, records, position + RecordBatchHeader.Size);
            return RecordDecompressor.TryDecompress(header.Compression, records[..read]) is { } plain
                ? FirstRecord(plain.Span, header, timestampMs, minimumOffset)
                : (Math.Max(header.BaseOffset, minimumOffset), header.MaxTimestamp);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stored);
        }
    }

    private static (long Offset, long Timestamp)? FirstRecord(ReadOnlySpan<byte> records, in RecordBatchHeader header, long timestampMs, long minimumOffset)
    {
        var cursor = new RecordCursor(records);
        while (cursor.MoveNext())
        {
            var offset = header.BaseOffset + cursor.OffsetDelta;
            var timestamp = header.Attributes.HasFlag(BatchAttributes.LogAppendTime) ? header.MaxTimestamp : header.BaseTimestamp + cursor.TimestampDelta;
            if (timestamp >= timestampMs && offset >= minimumOffset)
            {
                return (offset, timestamp);
            }
        }
        return null;
    }
}
