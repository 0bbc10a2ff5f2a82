namespace Streaming.Embedded.Kafka.Storage;

/// <content>Deleting, recovery points, closing.</content>
public sealed partial class PartitionLog
{
    /// <summary>
    /// Moves <see cref="LogStartOffset"/> up to <paramref name="beforeOffset"/> (-1: the high watermark), durably; segments that lie wholly before it
    /// are deleted. Nothing happens if it is there already.
    /// </summary>
    /// <returns>None, OffsetOutOfRange if it is negative or behind the high watermark, UnknownTopicOrPartition, KafkaStorageError.</returns>
    public StorageError DeleteRecords(long beforeOffset)
    {
        lock (_maintenance)
        {
            var start = beforeOffset == -1 ? HighWatermark : beforeOffset;
            if (_closed || start < 0 || start > HighWatermark)
            {
                return _closed ? StorageError.UnknownTopicOrPartition : StorageError.OffsetOutOfRange;
            }
            try
            {
                MoveStart(start);
                return StorageError.None;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                StorageLog.MaintenanceFailed(_context.Logger, exception, _name, "deleting records");
                return StorageError.KafkaStorageError;
            }
        }
    }

    /// <summary>Deletes the segments that the topic's retention no longer keeps.</summary>
    internal void ApplyRetention(DateTimeOffset now)
    {
        lock (_maintenance)
        {
            var removed = DetachExpired(now);
            RemoveFiles(removed);
            if (removed.Count > 0)
            {
                StorageLog.RetentionDeleted(_context.Logger, _name, removed.Count, LogStartOffset);
                NoteAdvance();
            }
        }
    }

    /// <summary>Forces what was appended to the disk and writes down that it need not be scanned again.</summary>
    internal void Checkpoint(TimeSpan producerExpiration)
    {
        lock (_maintenance)
        {
            List<(LogSegment Segment, SegmentState State)> unsaved;
            PartitionCheckpoint next;
            lock (_gate)
            {
                if (_closed)
                {
                    return;
                }
                _producers.Expire(_context.NowMs - (long)producerExpiration.TotalMilliseconds);
                unsaved = [.. _segments.Where(segment => segment.Size > 0 && segment.Size != segment.IndexedOnDisk).Select(segment => (segment, segment.State))];
                next = new PartitionCheckpoint(_logStartOffset, _nextOffset, new Dictionary<long, ProducerState>(_producers.Producers));
            }
            if (unsaved.Count > 0 || next.RecoveryOffset != _checkpoint.RecoveryOffset)
            {
                SaveCheckpoint(unsaved, next);
            }
        }
    }

    /// <summary>Ends all appends, reads and waits; slices that are out stay readable.</summary>
    internal void Close()
    {
        lock (_maintenance)
        {
            lock (_gate)
            {
                _closed = true;
                foreach (var segment in _segments)
                {
                    segment.Dispose();
                }
            }
        }
        NoteAdvance();
    }

    private void MoveStart(long start)
    {
        if (start <= LogStartOffset)
        {
            return;
        }
        // On the disk first: what was said to be deleted must not come back.
        var moved = _checkpoint with { LogStartOffset = start };
        moved.Save(_folder, _context.Access);
        _checkpoint = moved;
        lock (_gate)
        {
            Volatile.Write(ref _logStartOffset, start);
        }
        NoteAdvance(); // the last stable offset moves along when the earliest open transaction began before the new start
        RemoveFiles(DetachExpired(_context.Time.GetUtcNow()));
    }

    private List<LogSegment> DetachExpired(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return [];
            }
            var segments = _segments;
            var count = RetentionPolicy.CountExpired([.. segments.Select(FactsOf)], _config, now.ToUnixTimeMilliseconds(), _logStartOffset);
            if (count == segments.Length && count > 0)
            {
                Roll(); // the log keeps its end in the name of an empty segment
            }
            _segments = _segments[count..];
            Volatile.Write(ref _logStartOffset, Math.Max(_logStartOffset, _segments[0].BaseOffset));
            return [.. segments[..count]];
        }
    }

    private static SegmentFacts FactsOf(LogSegment segment)
    {
        var (state, newest) = (segment.State, segment.MaxTimestamp);
        return new SegmentFacts(state.Size, newest >= 0 ? newest : new DateTimeOffset(File.GetLastWriteTimeUtc(segment.Path)).ToUnixTimeMilliseconds(), state.NextOffset);
    }

    // Oldest first: if it ends midway, what is left has no gap.
    private static void RemoveFiles(List<LogSegment> segments) => segments.ForEach(segment => segment.Delete());

    private void SaveCheckpoint(List<(LogSegment Segment, SegmentState State)> unsaved, PartitionCheckpoint next)
    {
        foreach (var (segment, state) in unsaved)
        {
            segment.Flush();
            SegmentIndexFile.Save(segment, state, _context.Access);
        }
        next.Save(_folder, _context.Access);
        _checkpoint = next;
    }
}
