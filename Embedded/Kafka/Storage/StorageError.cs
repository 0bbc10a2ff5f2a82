namespace Streaming.Embedded.Kafka.Storage;

/// <summary>
/// Outcome of an operation on a partition's log. The numbers are the Kafka protocol's own error codes
/// (kafka.apache.org/protocol, "Error Codes"), so that a handler casts them to <see cref="short"/> and sends them.
/// </summary>
public enum StorageError : short
{
    /// <summary>Done.</summary>
    None = 0,

    /// <summary>The offset lies before the log's start or behind its end.</summary>
    OffsetOutOfRange = 1,

    /// <summary>A checksum, length or structure of a record batch is wrong.</summary>
    CorruptMessage = 2,

    /// <summary>The partition has been deleted meanwhile.</summary>
    UnknownTopicOrPartition = 3,

    /// <summary>A batch is larger than the topic's <c>max.message.bytes</c>.</summary>
    MessageTooLarge = 10,

    /// <summary>The batches of one append together are larger than a segment may be.</summary>
    RecordListTooLarge = 18,

    /// <summary>The batch is not in format v2 (magic 2).</summary>
    UnsupportedForMessageFormat = 43,

    /// <summary>A gap or a step back in an idempotent producer's sequence numbers.</summary>
    OutOfOrderSequenceNumber = 45,

    /// <summary>A newer instance of the producer has taken over.</summary>
    InvalidProducerEpoch = 47,

    /// <summary>A batch that does not go with the producer's transaction: not transactional inside of one, or of a newer epoch than it.</summary>
    InvalidTransactionState = 48,

    /// <summary>The disk refused to take or give the bytes; the log is as it was before.</summary>
    KafkaStorageError = 56,

    /// <summary>A newer transaction coordinator has written a marker for this producer.</summary>
    TransactionCoordinatorFenced = 72,

    /// <summary>The batch's compression is none that Kafka knows.</summary>
    UnsupportedCompressionType = 76,

    /// <summary>The records break a rule: a control batch from a client, a count that does not fit, several idempotent batches.</summary>
    InvalidRecord = 87,
}
