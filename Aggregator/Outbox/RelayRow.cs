namespace Streaming.Aggregator.Outbox;

/// <summary>A row of the outbox on its way to Kafka.</summary>
internal sealed record RelayRow(int Generation, Guid TopicId, int Partition, long Seq, OutboxMessage Message);
