using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Storage;

/// <content>Transactions: markers, and how far the log is decided.</content>
public sealed partial class PartitionLog
{
    private long _firstUndecided; // first offset of the earliest open transaction, else the log's end

    /// <summary>
    /// Everything before it is committed or aborted: the first offset of the earliest open transaction, else the high watermark; never before the log's
    /// start.
    /// </summary>
    public long LastStableOffset => Bounds.LastStableOffset;

    /// <summary>All three ends at once.</summary>
    public LogBounds Bounds
    {
        get
        {
            var start = LogStartOffset;
            var stable = Math.Max(Volatile.Read(ref _firstUndecided), start);
            return new LogBounds(HighWatermark, stable, start); // in this order, each not above the next
        }
    }

    /// <summary>The producers that have records here that are neither committed nor aborted, by first offset.</summary>
    public IReadOnlyList<OpenTransaction> OpenTransactions
    {
        get
        {
            lock (_gate)
            {
                return _producers.OpenTransactions;
            }
        }
    }

    /// <summary>
    /// Writes the marker that ends the producer's transaction in this partition, with the durability of <see cref="Append"/>;
    /// <see cref="AppendResult.BaseOffset"/> is its offset. It is written too where no transaction is open, and so may be written again after a
    /// recovery: then it changes nothing for readers.
    /// </summary>
    /// <param name="producerId">Whose transaction ends.</param>
    /// <param name="producerEpoch">Batches of an older epoch are refused from now on; a newer one than before begins with sequence 0.</param>
    /// <param name="commit">Commit, else abort.</param>
    /// <param name="coordinatorEpoch">Epoch of the coordinator that decided.</param>
    /// <returns>
    /// None; InvalidProducerEpoch or TransactionCoordinatorFenced if a newer epoch of the one or the other has been here; UnknownTopicOrPartition when the
    /// partition has been deleted (there is nothing left to end); KafkaStorageError when the disk refuses (try again).
    /// </returns>
    public AppendResult AppendMarker(long producerId, short producerEpoch, bool commit, int coordinatorEpoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(producerId);
        ArgumentOutOfRangeException.ThrowIfNegative(producerEpoch);
        var marker = new EndTransactionMarker(commit, coordinatorEpoch);
        AppendResult result;
        lock (_gate)
        {
            var batch = marker.ToBatch(producerId, producerEpoch, _context.NowMs);
            result = JudgeMarker(producerId, producerEpoch, coordinatorEpoch) ?? Write(batch, [RecordBatchHeader.Read(batch)], _config, marker);
        }
        Announce(result);
        return result;
    }

    private AppendResult? JudgeMarker(long producerId, short producerEpoch, int coordinatorEpoch)
    {
        if (_closed)
        {
            return Closed();
        }
        var verdict = _producers.CheckMarker(producerId, producerEpoch, coordinatorEpoch);
        return verdict.Error == StorageError.None ? null : AppendResult.Failed(verdict.Error, _logStartOffset, verdict.Message!);
    }

    // In this order: a reader that sees the new last stable offset finds the aborted transactions before it, and the high watermark not below it.
    private void Publish(long nextOffset)
    {
        Volatile.Write(ref _nextOffset, nextOffset);
        Volatile.Write(ref _firstUndecided, _producers.FirstOpenOffset ?? nextOffset);
    }

    // The aborted transactions with records in the slice. Its end is taken from the index, so it may be a little too far: clients pass over entries that begin
    // behind what they read. The markers can lie in later segments.
    private static AbortedTransaction[] AbortedFor(
        LogSegment[] segments, int index, long offset, (long Position, int Length) slice, in LogBounds bounds, IsolationLevel isolation)
    {
        if (isolation == IsolationLevel.ReadUncommitted)
        {
            return [];
        }
        var found = new List<AbortedTransaction>();
        var next = segments[index].Index.OffsetAtOrBehind(slice.Position + slice.Length)
            ?? (index + 1 < segments.Length ? segments[index + 1].BaseOffset : bounds.LastStableOffset);
        var end = Math.Min(next, bounds.LastStableOffset);
        for (var i = index; i < segments.Length && !segments[i].Aborted.Collect(offset, end, found); i++)
        {
        }
        return [.. found];
    }
}
