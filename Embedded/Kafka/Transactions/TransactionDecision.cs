using Streaming.Embedded.Kafka.Protocol;

namespace Streaming.Embedded.Kafka.Transactions;

/// <summary>What follows from an input.</summary>
/// <param name="Error">The answer.</param>
/// <param name="Next">The new state, to be durable before anybody is answered; null: it stays.</param>
internal sealed record TransactionDecision(ErrorCode Error, TransactionState? Next = null, TransactionEffect Effect = TransactionEffect.None);

/// <summary>What is to be done once the new state is durable.</summary>
internal enum TransactionEffect
{
    None,

    /// <summary>
    /// Write the transaction's markers into its partitions, end its groups' pending offsets, and then feed <see cref="TransactionInput.Settled"/>.
    /// </summary>
    Settle,

    /// <summary>Forget the transactional id.</summary>
    Forget,
}

/// <summary>What holds for every transactional id.</summary>
/// <param name="MaxTimeout">Longest transaction timeout that a producer may ask for (transaction.max.timeout.ms).</param>
/// <param name="Expiration">An id without a transaction that nobody has used for so long is forgotten (transactional.id.expiration.ms).</param>
/// <param name="MaxIds">Transactional ids at a time.</param>
/// <param name="MaxWeight">Partitions and groups in all transactions together.</param>
internal sealed record TransactionSettings(TimeSpan MaxTimeout, TimeSpan Expiration, int MaxIds, int MaxWeight = 500_000)
{
    /// <summary>Longest transactional id, and longest group id in a transaction, in characters.</summary>
    public const int MaxNameLength = 1_024;

    /// <summary>How often timeouts are looked for.</summary>
    public static TimeSpan TickInterval { get; } = TimeSpan.FromSeconds(1);
}
