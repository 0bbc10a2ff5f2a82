using Streaming.Embedded.Kafka.Groups;

namespace Streaming.Embedded.Kafka.Transactions;

/// <summary>What can happen to a transactional id.</summary>
internal abstract record TransactionInput
{
    /// <summary>Somebody wants to be the producer.</summary>
    /// <param name="Claimed">
    /// Who it is already and wants a higher epoch for (KIP-360); <see cref="ProducerIdentity.None"/>: a new instance, which fences the former.
    /// </param>
    /// <param name="FreshProducerId">The id to give if a new one is needed (made outside, where it is made sure that it is given once).</param>
    internal sealed record Init(ProducerIdentity Claimed, TimeSpan Timeout, long FreshProducerId) : TransactionInput;

    /// <summary>The producer is about to write into partitions, or to commit offsets of groups; the first of them begins the transaction.</summary>
    internal sealed record Enlist(ProducerIdentity Producer, IReadOnlyCollection<TopicPartition> Partitions, IReadOnlyCollection<string> Groups)
        : TransactionInput;

    /// <summary>May the producer write into this partition now (or, if it is null, commit offsets of this group)?</summary>
    internal sealed record Verify(ProducerIdentity Producer, TopicPartition? Partition, string? Group) : TransactionInput;

    internal sealed record End(ProducerIdentity Producer, bool Commit) : TransactionInput;

    /// <summary>Every partition and group has been told how the transaction ended.</summary>
    internal sealed record Settled : TransactionInput
    {
        public static Settled Instance { get; } = new();
    }

    /// <summary>Time has passed.</summary>
    internal sealed record Tick : TransactionInput
    {
        public static Tick Instance { get; } = new();
    }
}
