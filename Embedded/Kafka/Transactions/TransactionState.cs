using System.Collections.Immutable;
using Streaming.Embedded.Kafka.Groups;

namespace Streaming.Embedded.Kafka.Transactions;

/// <summary>A producer as it names itself: its id and which instance of it.</summary>
internal readonly record struct ProducerIdentity(long Id, short Epoch)
{
    /// <summary>What a client sends that has no id yet.</summary>
    public static ProducerIdentity None { get; } = new(-1, -1);
}

/// <summary>
/// What the coordinator knows of one transactional id. Invariants: partitions and groups are there exactly while a transaction is Ongoing or
/// prepared, and so is its beginning; the epoch only ever grows, until the producer gets another id.
/// </summary>
/// <param name="Producer">The only one that is not fenced.</param>
/// <param name="Former">Who it was before it last asked for a new epoch by its own name; it may ask again, for the answer may have been lost (KIP-360).</param>
/// <param name="Timeout">An ongoing transaction older than this is aborted.</param>
/// <param name="StartedAt">When the transaction began; null: there is none.</param>
/// <param name="UpdatedAt">When anything changed last.</param>
internal sealed record TransactionState(
    ProducerIdentity Producer, ProducerIdentity Former, TransactionPhase Phase, TimeSpan Timeout, DateTimeOffset? StartedAt, DateTimeOffset UpdatedAt,
    ImmutableHashSet<TopicPartition> Partitions, ImmutableHashSet<string> Groups)
{
    /// <summary>The last epoch is kept for fencing a producer that has the one before it (as Kafka does); then comes a new id.</summary>
    public bool IsEpochExhausted => Producer.Epoch >= short.MaxValue - 1;

    public bool IsPrepared => Phase is TransactionPhase.PrepareCommit or TransactionPhase.PrepareAbort;

    /// <summary>Whether the decision was to commit.</summary>
    public bool IsCommit => Phase is TransactionPhase.PrepareCommit or TransactionPhase.CompleteCommit;

    /// <summary>How much it takes in memory, in about the room of one partition.</summary>
    public int Weight => Partitions.Count + Groups.Sum(static g => 1 + (g.Length / 64));

    public static TransactionState Begin(long producerId, TimeSpan timeout, DateTimeOffset now) => new(
        new ProducerIdentity(producerId, 0), ProducerIdentity.None, TransactionPhase.Empty, timeout, null, now, [],
        ImmutableHashSet.Create<string>(StringComparer.Ordinal));
}
