using Streaming.Embedded.Kafka.Groups;

namespace Streaming.Embedded.Kafka.Transactions;

/// <summary>One transactional id in the coordinator's hands. Everything is read and changed under its lock, except where it says otherwise.</summary>
internal sealed class TransactionalProducer(string id, TransactionState? state)
{
    private volatile TransactionState? _state = state;

    public Lock Gate { get; } = new();

    public string Id { get; } = id;

    /// <summary>As it is on the disk; null: nothing is yet. May be read without the lock.</summary>
    public TransactionState? State
    {
        get => _state;
        set => _state = value;
    }

    /// <summary>It is no longer among the coordinator's: look again.</summary>
    public bool IsForgotten { get; set; }

    /// <summary>The partitions that have no marker yet, while a transaction is being ended; null: none is.</summary>
    public HashSet<TopicPartition>? Unmarked { get; set; }

    /// <summary>It has been logged that the transaction cannot be ended for now.</summary>
    public bool IsStuck { get; set; }
}
