using Streaming.Embedded.Kafka.Storage.Compaction;

namespace Streaming.Embedded.Kafka.Storage;

/// <content>What the cleaner needs of a log: a look at it, and the exchange of segments.</content>
public sealed partial class PartitionLog
{
    private CleanerCheckpoint? _cleaned;
    private bool _exchangeFailed;

    internal string Name => _name;

    internal bool IsClosed => _closed;

    /// <summary>Ends the active segment of a compacted log when it is as old as <c>segment.ms</c>: without appends it would else never be cleaned.</summary>
    internal void RollIfOld(long nowMs)
    {
        lock (_gate)
        {
            var state = _segments[^1].State;
            if (!_closed && _config.CleansByCompaction && state is { Size: > 0, FirstTimestamp: >= 0 } && nowMs - state.FirstTimestamp > _config.SegmentMs)
            {
                Roll();
            }
        }
    }

    /// <summary>What there is to clean; null if nothing ever is: another policy, closed, or an exchange that ended midway and is to be ended by a restart.</summary>
    internal LogView? ViewForCleaning()
    {
        lock (_maintenance)
        {
            _cleaned ??= CleanerCheckpoint.Load(_folder);
            lock (_gate)
            {
                if (_closed || _exchangeFailed || !_config.CleansByCompaction)
                {
                    return null;
                }
                var producers = _producers.Producers.ToDictionary(
                    producer => producer.Key, producer => new ProducerAnchor(producer.Value.Epoch, producer.Value.Batches.Count == 0 ? null : producer.Value.Batches[^1].BaseOffset));
                return new LogView(_folder, _name, _config, _segments, LogStartOffset, LastStableOffset, _cleaned, producers);
            }
        }
    }

    /// <summary>
    /// Puts a cleaned segment, whose files lie in the folder under their first names, in the place of <paramref name="sources"/>. Reads that are under way
    /// keep the files that they hold.
    /// </summary>
    /// <param name="sources">Neighbours, from a view of this log.</param>
    /// <param name="cleaned">What was made of them; closed.</param>
    /// <param name="endOffset">Where the next segment begins.</param>
    /// <returns>False if the sources are no longer all there (retention, a deletion): nothing has changed.</returns>
    /// <exception cref="IOException">The disk refuses.</exception>
    internal bool Exchange(IReadOnlyList<LogSegment> sources, LogSegment cleaned, long endOffset)
    {
        lock (_maintenance)
        {
            var at = Array.IndexOf(_segments, sources[0]);
            if (_closed || at < 0 || !_segments.Skip(at).Take(sources.Count).SequenceEqual(sources))
            {
                return false;
            }
            SegmentSwap.Decide(_folder, cleaned.BaseOffset, endOffset, _context.Access);
            var segment = Complete(cleaned, endOffset);
            lock (_gate)
            {
                _segments = [.. _segments[..at], segment, .. _segments[(at + sources.Count)..]];
            }
            foreach (var source in sources)
            {
                source.Dispose();
            }
            return true;
        }
    }

    internal void SaveProgress(CleanerCheckpoint progress)
    {
        lock (_maintenance)
        {
            if (!_closed)
            {
                progress.Save(_folder, _context.Access);
                _cleaned = progress;
            }
        }
    }

    private LogSegment Complete(LogSegment cleaned, long endOffset)
    {
        _exchangeFailed = true; // until it is done
        SegmentSwap.Complete(_folder, cleaned.BaseOffset, endOffset, _context.Access);
        var segment = new LogSegment(Path.Combine(_folder, LogSegment.NameOf(cleaned.BaseOffset)), cleaned.BaseOffset, _context.Access);
        segment.Load(cleaned.State, cleaned.Index.Entries);
        segment.Aborted.Load(cleaned.Aborted.Entries);
        _exchangeFailed = false;
        return segment;
    }
}
