using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Storage;

/// <content>Reading by offset and by time.</content>
public sealed partial class PartitionLog
{
    /// <summary>
    /// Whole batches from the one that holds <paramref name="offset"/> on, at most <paramref name="maxBytes"/> of one segment. If the first is larger
    /// than that, it comes alone with <paramref name="minOneBatch"/>, else nothing comes. With <see cref="IsolationLevel.ReadCommitted"/> only what lies before the
    /// last stable offset. Dispose the slice.
    /// </summary>
    public LogSlice Read(long offset, int maxBytes, bool minOneBatch, IsolationLevel isolation = IsolationLevel.ReadUncommitted)
    {
        while (true)
        {
            var bounds = Bounds;
            if (_closed)
            {
                return new LogSlice(StorageError.UnknownTopicOrPartition, bounds);
            }
            if (offset < bounds.LogStartOffset || offset > bounds.HighWatermark)
            {
                return new LogSlice(StorageError.OffsetOutOfRange, bounds);
            }
            if (offset >= bounds.EndFor(isolation))
            {
                return new LogSlice(StorageError.None, bounds);
            }
            try
            {
                return ReadSegments(offset, maxBytes, minOneBatch, bounds, isolation);
            }
            catch (ObjectDisposedException)
            {
                // A segment was deleted between the look at the list and the read: look again.
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException)
            {
                StorageLog.ReadFailed(_context.Logger, exception, _name, offset);
                return new LogSlice(StorageError.KafkaStorageError, bounds);
            }
        }
    }

    /// <summary>
    /// The first record whose timestamp (epoch milliseconds) is not before <paramref name="timestampMs"/>; null if there is none. In a batch
    /// compressed with zstd, which cannot be looked into, it is the batch's first offset with its largest timestamp.
    /// </summary>
    /// <exception cref="IOException">The disk does not give the records.</exception>
    public (long Offset, long Timestamp)? OffsetForTimestamp(long timestampMs)
    {
        while (!_closed)
        {
            try
            {
                return FirstSince(timestampMs);
            }
            catch (ObjectDisposedException)
            {
                // A segment was deleted, or replaced by a cleaned one, between the look at the list and the read: look again.
            }
        }
        return null;
    }

    /// <summary>The first record that carries the largest timestamp; (-1, -1) for an empty log.</summary>
    /// <exception cref="IOException">The disk does not give the records.</exception>
    public (long Offset, long Timestamp) MaxTimestamp()
    {
        var segments = _segments.Where(segment => segment.Size > 0 && segment.MaxTimestamp >= 0).ToList();
        return segments.Count == 0 ? (-1, -1) : OffsetForTimestamp(segments.Max(segment => segment.MaxTimestamp)) ?? (-1, -1);
    }

    private (long Offset, long Timestamp)? FirstSince(long timestampMs)
    {
        foreach (var segment in _segments)
        {
            if (segment.MaxTimestamp >= timestampMs && With(segment, () => TimestampSearch.First(segment, timestampMs, LogStartOffset)) is { } found)
            {
                return found;
            }
        }
        return null;
    }

    private LogSlice ReadSegments(long offset, int maxBytes, bool minOneBatch, in LogBounds bounds, IsolationLevel isolation)
    {
        var segments = _segments;
        // After compaction a segment may end before the next begins, so the offset's successor can be in the next one.
        for (var i = IndexOfSegment(segments, offset); i < segments.Length; i++)
        {
            var held = false;
            var given = false;
            try
            {
                segments[i].File.DangerousAddRef(ref held);
                if (SegmentReader.Find(segments[i], offset, maxBytes, minOneBatch, StopIn(segments, i, bounds, isolation)) is { } found)
                {
                    given = found.Length > 0;
                    return given
                        ? new LogSlice(segments[i].File, found.Position, found.Length, bounds, AbortedFor(segments, i, offset, found, bounds, isolation))
                        : new LogSlice(StorageError.None, bounds);
                }
            }
            finally
            {
                if (held && !given)
                {
                    segments[i].File.DangerousRelease();
                }
            }
        }
        return new LogSlice(StorageError.None, bounds);
    }

    // The segment's batches from this offset on are not given; null if all are.
    private static long? StopIn(LogSegment[] segments, int index, in LogBounds bounds, IsolationLevel isolation) =>
        isolation == IsolationLevel.ReadUncommitted || (index + 1 < segments.Length && segments[index + 1].BaseOffset <= bounds.LastStableOffset)
            ? null
            : bounds.LastStableOffset;

    // The last segment that begins at or before the offset.
    private static int IndexOfSegment(LogSegment[] segments, long offset)
    {
        var (low, high) = (0, segments.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = segments[middle].BaseOffset <= offset ? (middle, high) : (low, middle - 1);
        }
        return low;
    }

    private static (long Offset, long Timestamp)? With(LogSegment segment, Func<(long Offset, long Timestamp)?> search)
    {
        var held = false;
        try
        {
            segment.File.DangerousAddRef(ref held);
            return search();
        }
        finally
        {
            if (held)
            {
                segment.File.DangerousRelease();
            }
        }
    }
}
