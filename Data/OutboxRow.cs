namespace Streaming.Data;

/// <summary>A record that must leave for Kafka, written in the transaction that holds the result it tells of.</summary>
public sealed class OutboxRow
{
    public required string Pipeline { get; set; }

    public int Generation { get; set; }

    public Guid TopicId { get; set; }

    public int Partition { get; set; }

    /// <summary>Counts in the checkpoint row under its lock: without gaps and in commit order, from 1.</summary>
    public long Seq { get; set; }

    /// <summary>The topic to send to.</summary>
    public required string Topic { get; set; }

    public byte[]? Key { get; set; }

    public byte[]? Value { get; set; }

    /// <summary>Headers as <c>Streaming.Aggregator.Outbox.HeaderCodec</c> writes them; null where there are none.</summary>
    public byte[]? Headers { get; set; }

    public DateTime CreatedAt { get; set; }
}
