namespace Streaming.Aggregator.Outbox;

/// <summary>PostgreSQL and the cursors in Kafka contradict each other: to go on could lose rows or send them twice. A person has to decide.</summary>
internal sealed class RelayStoppedException(string message) : Exception(message);
