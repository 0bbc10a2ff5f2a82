using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Storage;

/// <content>Transactions: markers, and how far the log is decided.</content>
public sealed partial class PartitionLog
{
    private long _firstUndecided; // first offset of the earliest open transaction, else the log's end

    /// <summary>
    /// Everything before it is committed or aborted: the first offset of the earliest open transaction, else the high watermark; never before the log's
    /// start. Read it before <see cref="HighWatermark"/> where the two must agree: it is published after it.
    /// </summary>
    public long LastStableOffset => Math.Max(Volatile.Read(ref _firstUndecided), LogStartOffset);

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
    /// How far the producer's transactions have gone here. Take it, then ask the coordinator whether a transaction is under way with this partition
    /// in it, then append with it.
    /// </summary>
    public TransactionGuard GuardTransaction(long producerId)
    {
        lock (_gate)
        {
            return _producers.GuardOf(producerId);
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

    // Aborted transactions with records in [fromOffset, toOffset), which must all be decided.
    private static List<AbortedTransaction> AbortedWithin(LogSegment[] segments, int firstSegment, long fromOffset, long toOffset)
    {
        var found = new List<AbortedTransaction>();
        for (var i = firstSegment; i < segments.Length && !segments[i].Aborted.Collect(fromOffset, toOffset, found); i++)
        {
        }
        return found;
    }
}
