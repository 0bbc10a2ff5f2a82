namespace Streaming.Contracts.Tracing;

/// <summary>Names of span attributes for messaging (https://opentelemetry.io/docs/specs/semconv/messaging/kafka/), and those of our own.</summary>
public static class MessagingTags
{
    public const string System = "messaging.system";
    public const string Kafka = "kafka";
    public const string OperationName = "messaging.operation.name";

    /// <summary>One of <c>send</c>, <c>receive</c>, <c>process</c>, <c>settle</c>, <c>create</c>.</summary>
    public const string OperationType = "messaging.operation.type";
    public const string Destination = "messaging.destination.name";

    /// <summary>Text, although it is a number.</summary>
    public const string Partition = "messaging.destination.partition.id";
    public const string Group = "messaging.consumer.group.name";
    public const string ClientId = "messaging.client.id";

    /// <summary>On spans over a batch only, also when there is one message in it.</summary>
    public const string BatchCount = "messaging.batch.message_count";
    public const string Offset = "messaging.kafka.offset";
    public const string Key = "messaging.kafka.message.key";
    public const string Tombstone = "messaging.kafka.message.tombstone";

    /// <summary>A stable word; only where the operation has failed.</summary>
    public const string ErrorType = "error.type";

    /// <summary>The pipeline that works.</summary>
    public const string Pipeline = "streaming.pipeline";

    /// <summary>The generation of that pipeline.</summary>
    public const string Generation = "streaming.generation";

    /// <summary>What became of a record: <c>published</c>, <c>filtered</c>, <c>rejected</c>.</summary>
    public const string Outcome = "streaming.outcome";
}
