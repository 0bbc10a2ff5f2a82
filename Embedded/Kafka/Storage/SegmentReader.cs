using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>Finds whole batches in a segment. The caller keeps the file open.</summary>
internal static class SegmentReader
{
    /// <summary>
    /// The bytes of whole batches from the one that holds <paramref name="offset"/>, or the next one, on. Null if the segment has none;
    /// length 0 if the first is too large.
    /// </summary>
    public static (long Position, int Length)? Find(LogSegment segment, long offset, int maxBytes, bool minOneBatch)
    {
        var end = segment.Size;
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
