using Streaming.Embedded.Kafka.Protocol;

namespace Streaming.Embedded.Kafka.Transactions;

/// <summary>Performing what the machine decides, and the passing of time. All of it under the transactional id's lock.</summary>
internal sealed partial class TransactionCoordinator
{
    private ErrorCode Feed(TransactionalProducer producer, TransactionInput input)
    {
        var decision = TransactionMachine.Decide(producer.State, input, _settings, _time.GetUtcNow());
        if (!HasRoomFor(producer.State, decision.Next))
        {
            return ErrorCode.PolicyViolation;
        }

        try
        {
            Save(producer, decision);
        }
        catch (Exception problem) when (problem.IsDiskTrouble())
        {
            // Nothing has changed. Clients know no storage error here; they ask again after this one.
            Log.TransactionRefused(_logger, producer.Id, problem);
            return ErrorCode.CoordinatorNotAvailable;
        }

        if (decision.Effect == TransactionEffect.Settle)
        {
            Settle(producer, producer.State!);
        }

        return decision.Error;
    }

    private bool HasRoomFor(TransactionState? former, TransactionState? next)
    {
        var growth = next is null ? 0 : next.Weight - (former?.Weight ?? 0);
        return growth <= 0 || _store.Weight + growth <= _settings.MaxWeight;
    }

    private void Save(TransactionalProducer producer, TransactionDecision decision)
    {
        if (decision.Next is { } next)
        {
            _store.Save(producer.Id, next);
            producer.State = next;
        }
        else if (decision.Effect == TransactionEffect.Forget)
        {
            _store.Forget(producer.Id);
            Remove(producer);
        }
    }

    /// <summary>Tells every partition and group how the transaction ended. What the disk refuses is tried again at the next tick.</summary>
    private void Settle(TransactionalProducer producer, TransactionState state)
    {
        var unmarked = producer.Unmarked ??= [.. state.Partitions];
        try
        {
            unmarked.RemoveWhere(partition => _outcome.TryMark(partition, state.Producer, state.IsCommit));
            foreach (var group in state.Groups)
            {
                _outcome.EndOffsets(group, state.Producer.Id, state.IsCommit);
            }
        }
        catch (Exception problem) when (problem.IsDiskTrouble())
        {
            NoteStuck(producer, problem);
            return;
        }

        if (unmarked.Count > 0)
        {
            NoteStuck(producer, null);
        }
        else if (Feed(producer, TransactionInput.Settled.Instance) == ErrorCode.None)
        {
            producer.Unmarked = null;
            producer.IsStuck = false;
        }
    }

    private void NoteStuck(TransactionalProducer producer, Exception? problem)
    {
        if (!producer.IsStuck)
        {
            producer.IsStuck = true;
            Log.TransactionStuck(_logger, producer.Id, problem);
        }
    }

    private void OnTick()
    {
        // A tick may take longer than the time between two: the next one does its work then.
        if (Interlocked.Exchange(ref _ticking, 1) == 1)
        {
            return;
        }

        foreach (var (_, producer) in _producers)
        {
            if (IsDue(producer.State))
            {
                lock (producer.Gate)
                {
                    Tick(producer);
                }
            }
        }

        Volatile.Write(ref _ticking, 0);
    }

    private void Tick(TransactionalProducer producer)
    {
        var (former, now) = (producer.State, _time.GetUtcNow());
        Feed(producer, TransactionInput.Tick.Instance);
        if (former is { Phase: TransactionPhase.Ongoing, StartedAt: { } started } && producer.State is { Phase: not TransactionPhase.Ongoing })
        {
            Log.TransactionTimedOut(_logger, producer.Id, former.Producer.Id, former.Producer.Epoch, (now - started).TotalSeconds);
        }
    }

    /// <summary>Asked without the lock, so that those with nothing to do are not held up.</summary>
    private bool IsDue(TransactionState? state) =>
        state is not null
        && TransactionMachine.Decide(state, TransactionInput.Tick.Instance, _settings, _time.GetUtcNow())
            is not { Next: null, Effect: TransactionEffect.None };
}
