using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>Finds whole batches in a segment. The caller keeps the file open.</summary>
internal static class SegmentReader
{
    /// <summary>
    /// The bytes of whole batches from the one that holds <paramref name="offset"/>, or the next one, on. Null if the segment has none;
    /// length 0 if the first is too large. Batches that begin at <paramref name="stopOffset"/> or later do not count; it must be a batch's first.
    /// </summary>
    public static (long Position, int Length)? Find(LogSegment segment, long offset, int maxBytes, bool minOneBatch, long? stopOffset = null)
    {
        var end = stopOffset is { } stop ? PositionOf(segment, stop) : segment.Size;
        var window = new HeaderWindow(segment.File, end, stackalloc byte[HeaderWindow.BufferSize]);
        var position = segment.Index.PositionForOffset(offset);
        RecordBatchHeader header;
        while (true)
        {
            if (!window.TryRead(position, out header))
            {
                return null;
            }
            if (header.LastOffset >= offset)
            {
                break;
            }
            position += header.TotalSize;
        }
        if (header.TotalSize > maxBytes)
        {
            return (position, minOneBatch ? (int)header.TotalSize : 0);
        }
        var limit = position + Math.Max(0, maxBytes);
        return (position, (int)((end <= limit ? end : LastBoundary(segment, ref window, position + header.TotalSize, limit)) - position));
    }

    // Where the first batch begins that has no record before the offset.
    private static long PositionOf(LogSegment segment, long offset)
    {
        var window = new HeaderWindow(segment.File, segment.Size, stackalloc byte[HeaderWindow.BufferSize]);
        var position = segment.Index.PositionForOffset(offset);
        while (window.TryRead(position, out var header) && header.BaseOffset < offset)
        {
            position += header.TotalSize;
        }
        return position;
    }

    // The last batch boundary that is not behind the limit; "from" is one.
    private static long LastBoundary(LogSegment segment, ref HeaderWindow window, long from, long limit)
    {
        var boundary = Math.Max(from, segment.Index.PositionBefore(limit));
        while (window.TryRead(boundary, out var header) && boundary + header.TotalSize <= limit)
        {
            boundary += header.TotalSize;
        }
        return boundary;
    }
}
