using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Storage;

/// <content>Which transactions are open, and what ends them.</content>
internal sealed partial class ProducerTable
{
    private readonly SortedSet<(long FirstOffset, long ProducerId)> _open = [];

    /// <summary>First offset of the earliest open transaction; null if none is open.</summary>
    public long? FirstOpenOffset => _open.Count == 0 ? null : _open.Min.FirstOffset;

    /// <summary>The open transactions, earliest first.</summary>
    public IReadOnlyList<OpenTransaction> OpenTransactions =>
        [.. _open.Select(open => (Id: open.ProducerId, State: _producers[open.ProducerId]))
            .Select(open => new OpenTransaction(open.Id, open.State.Epoch, open.State.TransactionStart, open.State.LastSeenMs))];

    /// <summary>Judges a marker that the coordinator wants to write. The same one again is fine: where no transaction is open it ends none.</summary>
    public SequenceVerdict CheckMarker(long producerId, short producerEpoch, int coordinatorEpoch)
    {
        var known = _producers.GetValueOrDefault(producerId);
        if (producerEpoch < known?.Epoch)
        {
            return Fenced(producerId, producerEpoch, known.Epoch);
        }
        return coordinatorEpoch < known?.CoordinatorEpoch
            ? new(StorageError.TransactionCoordinatorFenced, null,
                $"The marker for producer {producerId} is of coordinator epoch {coordinatorEpoch}; epoch {known.CoordinatorEpoch} has written one.")
            : default;
    }

    // That a transaction may begin is the coordinator's to say; the log sees to it that none is mixed with anything else.
    private static SequenceVerdict CheckTransaction(ProducerState? known, in RecordBatchHeader batch) =>
        (known, batch.IsTransactional) switch
        {
            (not { IsInTransaction: true }, _) => default,
            (_, false) => WrongState(batch, "has a transaction open and sent a batch outside of it"),
            // Its records would be committed or aborted together with those of the former epoch.
            _ when batch.ProducerEpoch != known.Epoch => WrongState(batch, $"began epoch {batch.ProducerEpoch} before its transaction of epoch {known.Epoch} was ended"),
            _ => default,
        };

    private AbortedTransaction? EndTransaction(in RecordBatchHeader batch, EndTransactionMarker marker, long nowMs)
    {
        var known = _producers.GetValueOrDefault(batch.ProducerId);
        Set(batch.ProducerId, new ProducerState(batch.ProducerEpoch, known?.Epoch == batch.ProducerEpoch ? known.Batches : [], nowMs)
        {
            CoordinatorEpoch = marker.CoordinatorEpoch,
            AcceptsAnySequence = known is null || (known.AcceptsAnySequence && known.Epoch == batch.ProducerEpoch),
        });
        return known is { IsInTransaction: true } && !marker.IsCommit
            ? new AbortedTransaction(batch.ProducerId, known.TransactionStart, batch.LastOffset, FirstOpenOffset ?? batch.LastOffset + 1)
            : null;
    }

    // The only place where a state is put in, so that the open transactions always agree with it.
    private void Set(long producerId, ProducerState state)
    {
        if (_producers.GetValueOrDefault(producerId) is { IsInTransaction: true } former)
        {
            _open.Remove((former.TransactionStart, producerId));
        }
        if (state.IsInTransaction)
        {
            _open.Add((state.TransactionStart, producerId));
        }
        _producers[producerId] = state;
    }

    private static SequenceVerdict WrongState(in RecordBatchHeader batch, string what) =>
        new(StorageError.InvalidTransactionState, null, $"Producer {batch.ProducerId} {what}.");
}
