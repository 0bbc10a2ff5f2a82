using Streaming.Embedded.Kafka.Protocol;

namespace Streaming.Embedded.Kafka.Transactions;

/// <summary>Becoming the producer of a transactional id.</summary>
internal static partial class TransactionMachine
{
    private static TransactionDecision Init(TransactionState? state, TransactionInput.Init init, TransactionSettings settings, DateTimeOffset now)
    {
        if (init.Timeout <= TimeSpan.Zero || init.Timeout > settings.MaxTimeout)
        {
            return new TransactionDecision(ErrorCode.InvalidTransactionTimeout);
        }

        // Whoever claims to be a producer of an id that has been forgotten gets a new id: nobody else can have the name.
        if (state is null)
        {
            return new TransactionDecision(ErrorCode.None, TransactionState.Begin(init.FreshProducerId, init.Timeout, now));
        }

        var isNewInstance = init.Claimed == ProducerIdentity.None;
        return state.IsPrepared ? new TransactionDecision(ErrorCode.ConcurrentTransactions)
            : isNewInstance || init.Claimed == state.Producer ? Succeed(state, init, now)
            : init.Claimed == state.Former && state.Phase != TransactionPhase.Ongoing ? Repeat(state, init, now)
            : new TransactionDecision(ErrorCode.ProducerFenced);
    }

    /// <summary>A transaction under way is aborted first; the client asks again meanwhile. Else the epoch rises, or begins anew with another id.</summary>
    private static TransactionDecision Succeed(TransactionState state, TransactionInput.Init init, DateTimeOffset now)
    {
        if (state.Phase == TransactionPhase.Ongoing)
        {
            return Fence(state, init.Claimed, now) with { Error = ErrorCode.ConcurrentTransactions };
        }

        var producer = state.IsEpochExhausted
            ? new ProducerIdentity(init.FreshProducerId, 0)
            : state.Producer with { Epoch = (short)(state.Producer.Epoch + 1) };
        var next = state with { Producer = producer, Former = init.Claimed, Phase = TransactionPhase.Empty, Timeout = init.Timeout, UpdatedAt = now };
        return new TransactionDecision(ErrorCode.None, next);
    }

    /// <summary>It has this epoch already and did not hear of it; the highest epoch is nobody's, it only fences.</summary>
    private static TransactionDecision Repeat(TransactionState state, TransactionInput.Init init, DateTimeOffset now) =>
        state.Producer.Epoch == short.MaxValue
            ? Succeed(state, init, now)
            : new TransactionDecision(ErrorCode.None, state with { Timeout = init.Timeout, UpdatedAt = now });
}
