namespace Streaming.Data;

/// <summary>An outbox row that the broker will never take. Its bytes are kept until somebody decides; the relay has passed it.</summary>
public sealed class ParkedOutboxRow
{
    public required string Pipeline { get; set; }

    public int Generation { get; set; }

    public Guid TopicId { get; set; }

    public int Partition { get; set; }

    public long Seq { get; set; }

    public required string Topic { get; set; }

    public byte[]? Key { get; set; }

    public byte[]? Value { get; set; }

    public byte[]? Headers { get; set; }

    /// <summary>SHA-256 of the value.</summary>
    public required byte[] ValueHash { get; set; }

    /// <summary>What the broker said.</summary>
    public required string Error { get; set; }

    public DateTime ParkedAt { get; set; }
}
