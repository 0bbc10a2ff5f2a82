namespace Streaming.Embedded.Kafka.Transactions;

/// <summary>Where a producer's transaction stands (KIP-98, "Transaction Coordinator").</summary>
internal enum TransactionPhase : byte
{
    /// <summary>The producer has its id and has not begun a transaction.</summary>
    Empty = 0,

    /// <summary>There are partitions or groups in the transaction.</summary>
    Ongoing = 1,

    /// <summary>It is decided that the transaction commits; not every partition knows.</summary>
    PrepareCommit = 2,

    /// <summary>It is decided that the transaction is aborted; not every partition knows.</summary>
    PrepareAbort = 3,

    /// <summary>Every partition knows that it has been committed.</summary>
    CompleteCommit = 4,

    /// <summary>Every partition knows that it has been aborted.</summary>
    CompleteAbort = 5,
}
