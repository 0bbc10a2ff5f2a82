namespace Streaming.Aggregator.Outbox;

/// <summary>A record that must leave for Kafka.</summary>
/// <param name="Topic">Where to.</param>
/// <param name="Key">The record's key; null for none.</param>
/// <param name="Value">The record's value; null for none.</param>
/// <param name="Headers">Headers as <see cref="HeaderCodec"/> writes them; null for none.</param>
public sealed record OutboxMessage(string Topic, byte[]? Key, byte[]? Value, byte[]? Headers)
{
    /// <summary>Whether it is somebody's record that is only put aside, late or rejected: it keeps its headers, and gets no trace context of ours.</summary>
    public bool IsPutAside { get; init; }

    /// <summary>Bytes that the message keeps in memory, about.</summary>
    public int Size => 64 + (Key?.Length ?? 0) + (Value?.Length ?? 0) + (Headers?.Length ?? 0);
}
