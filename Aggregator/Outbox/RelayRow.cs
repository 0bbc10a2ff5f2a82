namespace Streaming.Aggregator.Outbox;

/// <summary>A row of the outbox on its way to Kafka.</summary>
/// <param name="Partition">Where it comes from.</param>
/// <param name="Seq">Its number there.</param>
/// <param name="Message">What to send; without bytes when it is parked.</param>
/// <param name="IsParked">The broker will never take it: it is passed, not sent.</param>
internal sealed record RelayRow(OutboxPartition Partition, long Seq, OutboxMessage Message, bool IsParked = false);
