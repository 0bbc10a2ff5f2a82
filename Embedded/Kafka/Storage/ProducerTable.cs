using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>The verdict over a batch with sequence numbers: an error, a batch that is already there, or (both empty) go ahead.</summary>
internal readonly record struct SequenceVerdict(StorageError Error, ProducerBatch? Duplicate, string? Message);

/// <summary>
/// Sequence numbers and transactions of idempotent producers (KIP-98; any first sequence of an unknown producer is taken, KIP-360). Five batches are
/// remembered because a client has at most five requests in flight. No I/O, no clock; guarded by the partition's lock.
/// </summary>
internal sealed partial class ProducerTable
{
    private const int RememberedBatches = 5;
    private readonly Dictionary<long, ProducerState> _producers = [];

    public IReadOnlyDictionary<long, ProducerState> Producers => _producers;

    /// <summary>Judges a batch of records that a client sent.</summary>
    public SequenceVerdict Check(in RecordBatchHeader batch)
    {
        var known = _producers.GetValueOrDefault(batch.ProducerId);
        var verdict = known is null ? default : CheckSequence(known, batch);
        return verdict is { Error: StorageError.None, Duplicate: null } ? CheckTransaction(known, batch) : verdict;
    }

    /// <summary>Takes a batch that is in the log into account; its base offset is final. Gives the transaction that it aborts, if it does.</summary>
    /// <param name="batch">The batch's head.</param>
    /// <param name="marker">What a control batch says; null for one that is not known.</param>
    /// <param name="nowMs">Epoch milliseconds.</param>
    public AbortedTransaction? Apply(in RecordBatchHeader batch, EndTransactionMarker? marker, long nowMs)
    {
        if (!batch.IsIdempotent)
        {
            return null;
        }
        if (batch.IsControl)
        {
            return marker is { } end ? EndTransaction(batch, end, nowMs) : null;
        }
        Record(batch, nowMs);
        return null;
    }

    public void Restore(long producerId, ProducerState state) => Set(producerId, state);

    /// <summary>Forgets who has been silent since <paramref name="beforeMs"/>, except those with an open transaction: its marker is still to come.</summary>
    public void Expire(long beforeMs)
    {
        foreach (var (id, _) in _producers.Where(producer => producer.Value.LastSeenMs < beforeMs && !producer.Value.IsInTransaction).ToList())
        {
            _producers.Remove(id);
        }
    }

    private static SequenceVerdict CheckSequence(ProducerState known, in RecordBatchHeader batch)
    {
        if (batch.ProducerEpoch < known.Epoch)
        {
            return Fenced(batch.ProducerId, batch.ProducerEpoch, known.Epoch);
        }
        if (batch.ProducerEpoch > known.Epoch)
        {
            return batch.BaseSequence == 0
                ? default
                : OutOfOrder(batch, $"the new epoch {batch.ProducerEpoch} must begin with 0");
        }
        if (known.AcceptsAnySequence)
        {
            return default;
        }
        foreach (var former in known.Batches)
        {
            if (former.FirstSequence == batch.BaseSequence && former.LastSequence == LastSequence(batch))
            {
                return new(StorageError.None, former, null);
            }
        }
        // Without a batch the epoch began with a marker, and nothing of it has come yet.
        var expected = known.Batches.Count == 0 ? 0 : Advance(known.Batches[^1].LastSequence, 1);
        return batch.BaseSequence == expected ? default : OutOfOrder(batch, $"{expected} is next");
    }

    private void Record(in RecordBatchHeader batch, long nowMs)
    {
        var known = _producers.GetValueOrDefault(batch.ProducerId);
        var former = known?.Epoch == batch.ProducerEpoch ? known.Batches : [];
        var appendTime = batch.Attributes.HasFlag(BatchAttributes.LogAppendTime) ? batch.MaxTimestamp : -1;
        var latest = new ProducerBatch(batch.BaseSequence, LastSequence(batch), batch.BaseOffset, appendTime);
        ProducerBatch[] batches = [.. former.Skip(former.Count - RememberedBatches + 1), latest];
        Set(batch.ProducerId, new ProducerState(batch.ProducerEpoch, batches, nowMs)
        {
            TransactionStart = known is { IsInTransaction: true } ? known.TransactionStart : batch.IsTransactional ? batch.BaseOffset : -1,
            CoordinatorEpoch = known?.CoordinatorEpoch ?? -1,
        });
    }

    private static SequenceVerdict Fenced(long producerId, short epoch, short knownEpoch) =>
        new(StorageError.InvalidProducerEpoch, null, $"Producer {producerId} has epoch {epoch}; epoch {knownEpoch} has taken over.");

    private static SequenceVerdict OutOfOrder(in RecordBatchHeader batch, string expected) =>
        new(StorageError.OutOfOrderSequenceNumber, null, $"Producer {batch.ProducerId} sent sequence {batch.BaseSequence}; {expected}.");

    private static int LastSequence(in RecordBatchHeader batch) => Advance(batch.BaseSequence, batch.LastOffsetDelta);

    // Sequence numbers go round from int.MaxValue to 0.
    private static int Advance(int sequence, int by) => (int)(((long)sequence + by) & int.MaxValue);
}
