using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Handlers;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Transactions;

/// <summary>Where the end of a transaction is told. Both may be told again.</summary>
internal interface ITransactionOutcome
{
    /// <summary>Writes the marker into a partition; false: the disk refuses, try again.</summary>
    bool TryMark(TopicPartition partition, ProducerIdentity producer, bool commit);

    /// <summary>Commits or drops what the producer has pending in a group.</summary>
    /// <exception cref="IOException">The disk refuses, try again.</exception>
    void EndOffsets(string group, long producerId, bool commit);
}

/// <summary>Tells the broker's own logs and groups.</summary>
internal sealed class TransactionOutcome(TopicStore store, GroupCoordinator groups) : ITransactionOutcome
{
    /// <summary>There is one coordinator, and nobody takes its place.</summary>
    private const int CoordinatorEpoch = 0;

    // A partition that is gone has nothing left to end; one that knows a newer epoch has ended it already.
    public bool TryMark(TopicPartition partition, ProducerIdentity producer, bool commit) =>
        !store.TryGetPartition(partition.Topic, partition.Partition, out var log)
        || log.AppendMarker(producer.Id, producer.Epoch, commit, CoordinatorEpoch).Error != StorageError.KafkaStorageError;

    public void EndOffsets(string group, long producerId, bool commit) => groups.EndPending(group, producerId, commit);
}
