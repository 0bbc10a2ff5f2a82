namespace Streaming.Aggregator.Outbox;

/// <summary>Another instance relays this pipeline by now.</summary>
internal sealed class LeaseLostException() : Exception("another instance holds the lease");
