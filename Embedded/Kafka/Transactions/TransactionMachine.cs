using Streaming.Embedded.Kafka.Protocol;

namespace Streaming.Embedded.Kafka.Transactions;

/// <summary>
/// The transaction coordinator's rules for one transactional id, as a function: state, input and time go in, a decision comes out. No clock, lock,
/// disk or socket. A decision to commit or abort is made once and never taken back. Source: KIP-98, KIP-360 (a producer raises its own epoch),
/// KIP-447 (a producer commits for a member of a group).
/// </summary>
internal static partial class TransactionMachine
{
    /// <param name="state">Null: the transactional id is unknown.</param>
    public static TransactionDecision Decide(TransactionState? state, TransactionInput input, TransactionSettings settings, DateTimeOffset now) => input switch
    {
        TransactionInput.Init init => Init(state, init, settings, now),
        TransactionInput.Enlist enlist => Check(state, enlist.Producer) ?? Enlist(state!, enlist, now),
        TransactionInput.Verify verify => Check(state, verify.Producer) ?? new TransactionDecision(Verify(state!, verify)),
        TransactionInput.End end => Check(state, end.Producer) ?? End(state!, end.Commit, now),
        TransactionInput.Settled => Complete(state, now),
        TransactionInput.Tick => Tick(state, settings, now),
        _ => throw new ArgumentOutOfRangeException(nameof(input), input, "No such input."),
    };

    /// <summary>The refusal of a producer that is not the present one; null if it is.</summary>
    private static TransactionDecision? Check(TransactionState? state, ProducerIdentity producer) =>
        state is null || state.Producer.Id != producer.Id ? new TransactionDecision(ErrorCode.InvalidProducerIdMapping)
        : state.Producer.Epoch != producer.Epoch ? new TransactionDecision(ErrorCode.ProducerFenced)
        : null;

    private static TransactionDecision Enlist(TransactionState state, TransactionInput.Enlist enlist, DateTimeOffset now)
    {
        if (state.IsPrepared)
        {
            return new TransactionDecision(ErrorCode.ConcurrentTransactions);
        }

        var next = state with
        {
            Phase = TransactionPhase.Ongoing,
            Partitions = state.Partitions.Union(enlist.Partitions),
            Groups = state.Groups.Union(enlist.Groups),
            StartedAt = state.StartedAt ?? now,
            UpdatedAt = now,
        };
        var changed = next.Partitions.Count > state.Partitions.Count || next.Groups.Count > state.Groups.Count;
        return new TransactionDecision(ErrorCode.None, changed ? next : null);
    }

    private static ErrorCode Verify(TransactionState state, TransactionInput.Verify verify) =>
        state.IsPrepared ? ErrorCode.ConcurrentTransactions
        : verify.Partition is { } partition && state.Partitions.Contains(partition) ? ErrorCode.None
        : verify.Group is { } group && state.Groups.Contains(group) ? ErrorCode.None
        : ErrorCode.InvalidTxnState;

    /// <summary>A client that did not hear the answer asks again: the same end is answered alike, the other end is refused.</summary>
    private static TransactionDecision End(TransactionState state, bool commit, DateTimeOffset now) => state.Phase switch
    {
        TransactionPhase.Ongoing => Prepare(state, commit, now),
        TransactionPhase.PrepareCommit or TransactionPhase.PrepareAbort when state.IsCommit == commit =>
            new TransactionDecision(ErrorCode.ConcurrentTransactions),
        TransactionPhase.CompleteCommit or TransactionPhase.CompleteAbort when state.IsCommit == commit =>
            new TransactionDecision(ErrorCode.None),
        _ => new TransactionDecision(ErrorCode.InvalidTxnState),
    };

    private static TransactionDecision Prepare(TransactionState state, bool commit, DateTimeOffset now) => new(
        ErrorCode.None,
        state with { Phase = commit ? TransactionPhase.PrepareCommit : TransactionPhase.PrepareAbort, UpdatedAt = now },
        TransactionEffect.Settle);

    private static TransactionDecision Complete(TransactionState? state, DateTimeOffset now) => state is { IsPrepared: true }
        ? new TransactionDecision(ErrorCode.None, state with
        {
            Phase = state.IsCommit ? TransactionPhase.CompleteCommit : TransactionPhase.CompleteAbort,
            Partitions = state.Partitions.Clear(),
            Groups = state.Groups.Clear(),
            StartedAt = null,
            UpdatedAt = now,
        })
        : new TransactionDecision(ErrorCode.None);

    private static TransactionDecision Tick(TransactionState? state, TransactionSettings settings, DateTimeOffset now) => state switch
    {
        { Phase: TransactionPhase.Ongoing, StartedAt: { } started } when now - started >= state.Timeout => Fence(state, ProducerIdentity.None, now),
        { IsPrepared: true } => new TransactionDecision(ErrorCode.None, Effect: TransactionEffect.Settle),
        { Phase: not TransactionPhase.Ongoing } when now - state.UpdatedAt >= settings.Expiration =>
            new TransactionDecision(ErrorCode.None, Effect: TransactionEffect.Forget),
        _ => new TransactionDecision(ErrorCode.None),
    };

    /// <summary>Aborts in a higher epoch, so that the markers themselves fence the producer in every partition.</summary>
    private static TransactionDecision Fence(TransactionState state, ProducerIdentity former, DateTimeOffset now)
    {
        var fenced = state with { Producer = state.Producer with { Epoch = checked((short)(state.Producer.Epoch + 1)) }, Former = former };
        return Prepare(fenced, commit: false, now);
    }
}
