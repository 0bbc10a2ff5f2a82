using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>One batch that an idempotent producer has in the log.</summary>
internal readonly record struct ProducerBatch(int FirstSequence, int LastSequence, long BaseOffset, long LogAppendTimeMs);

/// <summary>What a partition knows of one idempotent producer: its epoch and its latest batches, oldest first.</summary>
internal sealed record ProducerState(short Epoch, IReadOnlyList<ProducerBatch> Batches, long LastSeenMs);

/// <summary>The verdict over a batch with sequence numbers: an error, a batch that is already there, or (both empty) go ahead.</summary>
internal readonly record struct SequenceVerdict(StorageError Error, ProducerBatch? Duplicate, string? Message);

/// <summary>
/// Sequence numbers of idempotent producers (KIP-98; any first sequence of an unknown producer is taken, KIP-360). Five batches are remembered
/// because a client has at most five requests in flight. No I/O, no clock; guarded by the partition's lock.
/// </summary>
internal sealed class ProducerTable
{
    private const int RememberedBatches = 5;
    private readonly Dictionary<long, ProducerState> _producers = [];

    public IReadOnlyDictionary<long, ProducerState> Producers => _producers;

    public SequenceVerdict Check(in RecordBatchHeader batch)
    {
        if (!_producers.TryGetValue(batch.ProducerId, out var known))
        {
            return default;
        }
        if (batch.ProducerEpoch < known.Epoch)
        {
            return new(StorageError.InvalidProducerEpoch, null,
                $"Producer {batch.ProducerId} has epoch {batch.ProducerEpoch}; epoch {known.Epoch} has taken over.");
        }
        if (batch.ProducerEpoch > known.Epoch)
        {
            return batch.BaseSequence == 0
                ? default
                : OutOfOrder(batch, $"the new epoch {batch.ProducerEpoch} must begin with 0");
        }
        foreach (var former in known.Batches)
        {
            if (former.FirstSequence == batch.BaseSequence && former.LastSequence == LastSequence(batch))
            {
                return new(StorageError.None, former, null);
            }
        }
        var expected = Advance(known.Batches[^1].LastSequence, 1);
        return batch.BaseSequence == expected ? default : OutOfOrder(batch, $"{expected} is next");
    }

    /// <summary>Remembers a batch that is in the log; its base offset is final.</summary>
    public void Record(in RecordBatchHeader batch, long nowMs)
    {
        var former = _producers.TryGetValue(batch.ProducerId, out var known) && known.Epoch == batch.ProducerEpoch ? known.Batches : [];
        var appendTime = batch.Attributes.HasFlag(BatchAttributes.LogAppendTime) ? batch.MaxTimestamp : -1;
        var latest = new ProducerBatch(batch.BaseSequence, LastSequence(batch), batch.BaseOffset, appendTime);
        ProducerBatch[] batches = [.. former.Skip(former.Count - RememberedBatches + 1), latest];
        _producers[batch.ProducerId] = new ProducerState(batch.ProducerEpoch, batches, nowMs);
    }

    public void Restore(long producerId, ProducerState state) => _producers[producerId] = state;

    /// <summary>Forgets who has been silent since <paramref name="beforeMs"/>.</summary>
    public void Expire(long beforeMs)
    {
        foreach (var (id, _) in _producers.Where(producer => producer.Value.LastSeenMs < beforeMs).ToList())
        {
            _producers.Remove(id);
        }
    }

    private static SequenceVerdict OutOfOrder(in RecordBatchHeader batch, string expected) =>
        new(StorageError.OutOfOrderSequenceNumber, null, $"Producer {batch.ProducerId} sent sequence {batch.BaseSequence}; {expected}.");

    private static int LastSequence(in RecordBatchHeader batch) => Advance(batch.BaseSequence, batch.LastOffsetDelta);

    // Sequence numbers go round from int.MaxValue to 0.
    private static int Advance(int sequence, int by) => (int)(((long)sequence + by) & int.MaxValue);
}
