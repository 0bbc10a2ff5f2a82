using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Storage.Compaction;

/// <summary>What a pass did.</summary>
internal readonly record struct PassResult(long EndOffset, int Keys, long BytesBefore, long BytesAfter, int Unreadable);

/// <summary>
/// One pass over one log. First the uncleaned part is read, for the latest offset of each key; if its keys are too many for the map, the pass ends
/// earlier and the next one goes on from there. Then everything from the log's start is read and written anew, without what is outdated, into segments of at
/// most <c>segment.bytes</c>, each of which replaces those it was made from before the next one is begun.
/// </summary>
internal sealed class CleaningPass(PartitionLog partition, LogView log, CleaningPlan plan, StorageOptions options, LogContext context, IoBudget budget)
{
    private readonly OffsetMap _latest = new(options.CleanerMapBytes);
    private readonly TransactionLedger _ledger = new(
        log.AbortedBefore(plan.EndOffset).Select(aborted => new AbortedRange(aborted.ProducerId, aborted.FirstOffset, aborted.LastOffset)));
    private long _endOffset = plan.EndOffset;
    private long _bytesBefore;
    private long _bytesAfter;

    /// <summary>Null if the log changed under the pass (retention, a deletion), which then ended early; what it did until then stays.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    /// <exception cref="InvalidDataException">A segment is damaged.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public PassResult? Run(CancellationToken cancellationToken)
    {
        SegmentSwap.RemoveUndecided(log.Folder, context.Access);
        var now = context.NowMs;
        FindLatest(cancellationToken);
        var filter = new BatchFilter(new PassFacts(_latest, _endOffset, now, log.Config.DeleteRetentionMs, log.Producers), _ledger);
        try
        {
            if (!Rewrite(filter, cancellationToken))
            {
                return null;
            }
        }
        catch (IOException)
        {
            SegmentSwap.RemoveUndecided(log.Folder, context.Access); // if the disk is full, what cannot be finished must not take room
            throw;
        }
        partition.SaveProgress(new CleanerCheckpoint(_endOffset, now, filter.EarliestHorizonMs ?? long.MaxValue));
        return new PassResult(_endOffset, _latest.Count, _bytesBefore, _bytesAfter, filter.Unreadable);
    }

    private void FindLatest(CancellationToken cancellationToken)
    {
        for (var i = 0; i < log.Segments.Length - 1 && log.Segments[i].BaseOffset < _endOffset; i++)
        {
            if (log.EndOf(i) > plan.FirstDirtyOffset)
            {
                ForEachBatch(log.Segments[i], log.Segments[i].Index.PositionForOffset(plan.FirstDirtyOffset), NoteKeys, cancellationToken);
            }
        }
    }

    private bool NoteKeys(BatchReader reader)
    {
        var header = reader.Header;
        if (header.LastOffset >= plan.FirstDirtyOffset && !header.IsControl && !_ledger.IsAborted(header)
            && RecordDecompressor.TryDecompress(header.Compression, reader.Batch[RecordBatchHeader.Size..]) is { } plain)
        {
            for (var records = new RecordCursor(plain.Span); records.MoveNext();)
            {
                if (!records.HasNullKey)
                {
                    _latest.Put(records.Key, header.BaseOffset + records.OffsetDelta);
                }
            }
        }
        _endOffset = _latest.IsFull ? header.LastOffset + 1 : _endOffset;
        return !_latest.IsFull;
    }

    private bool Rewrite(BatchFilter filter, CancellationToken cancellationToken)
    {
        CleanedSegment? output = null;
        try
        {
            for (var i = 0; i < log.Segments.Length - 1 && log.Segments[i].BaseOffset < _endOffset; i++)
            {
                var source = log.Segments[i];
                if (output?.HasRoomFor(source, log.EndOf(i), log.Config.SegmentBytes) == false)
                {
                    if (!Replace(output, source.BaseOffset))
                    {
                        return false;
                    }
                    output = null;
                }
                output ??= new CleanedSegment(log, source.BaseOffset, context.Access);
                Filter(source, output, filter, cancellationToken);
            }
            return output is null || Replace(output, log.EndOf(Array.IndexOf(log.Segments, output.Sources[^1])));
        }
        finally
        {
            output?.Dispose();
        }
    }

    private void Filter(LogSegment source, CleanedSegment output, BatchFilter filter, CancellationToken cancellationToken)
    {
        output.Begin(source);
        ForEachBatch(
            source, 0,
            reader =>
            {
                output.Add(filter.Filter(reader.Batch, reader.Header), reader.Batch, reader.Header);
                return true;
            },
            cancellationToken);
    }

    private bool Replace(CleanedSegment output, long endOffset)
    {
        _bytesBefore += output.Sources.Sum(source => source.Size);
        _bytesAfter += output.Size;
        if (!output.IsChanged)
        {
            output.Dispose();
            SegmentSwap.RemoveUndecided(log.Folder, context.Access);
            return true;
        }
        return partition.Exchange(output.Sources, output.Finish(StaysAborted), endOffset);
    }

    // Without records there is nothing to hide; and an entry without a marker would hide the producer's next transaction.
    private bool StaysAborted(AbortedTransaction aborted) => aborted.LastOffset >= _endOffset || _ledger.HadRecords(aborted.LastOffset);

    // Until the file's end, or the action says no.
    private void ForEachBatch(LogSegment segment, long position, Func<BatchReader, bool> action, CancellationToken cancellationToken)
    {
        var held = false;
        try
        {
            segment.File.DangerousAddRef(ref held);
            using var reader = new BatchReader(segment.File, position, segment.Size);
            while (reader.MoveNext() && action(reader))
            {
                budget.Spend(reader.Header.TotalSize, cancellationToken);
            }
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
