namespace Streaming.Embedded.Kafka.Storage;

/// <summary>One batch that an idempotent producer has in the log.</summary>
internal readonly record struct ProducerBatch(int FirstSequence, int LastSequence, long BaseOffset, long LogAppendTimeMs);

/// <summary>What a partition knows of one idempotent producer: its epoch, its latest batches of that epoch, oldest first, and its transaction.</summary>
internal sealed record ProducerState(short Epoch, IReadOnlyList<ProducerBatch> Batches, long LastSeenMs)
{
    /// <summary>First offset of the open transaction; -1 if none is open.</summary>
    public long TransactionStart { get; init; } = -1;

    /// <summary>Coordinator epoch of the latest marker; -1 if there is none.</summary>
    public int CoordinatorEpoch { get; init; } = -1;

    /// <summary>Only a marker is known of this epoch and nothing of what came before it, so that the next batch may have any sequence (KIP-360).</summary>
    public bool AcceptsAnySequence { get; init; }

    public bool IsInTransaction => TransactionStart >= 0;
}

/// <summary>A transaction that has records in a partition and no marker yet.</summary>
/// <param name="ProducerId">Whose it is.</param>
/// <param name="ProducerEpoch">The producer's epoch.</param>
/// <param name="FirstOffset">Where its first record lies, or lay before deletion.</param>
/// <param name="LastSeenMs">When its latest batch came, epoch milliseconds by the broker's clock.</param>
public readonly record struct OpenTransaction(long ProducerId, short ProducerEpoch, long FirstOffset, long LastSeenMs);
