using Confluent.Kafka;
using Streaming.Cluster.Messages;
using Streaming.Cluster.Payloads;

namespace Streaming.Topics.Consuming;

/// <summary>What <c>consume</c> is to read, and when it ends.</summary>
internal sealed record ConsumePlan(string Topic, ReadFrom From)
{
    /// <summary>The one partition; null for all.</summary>
    public int? Partition { get; init; }

    /// <summary>The group that it joins, and whose offsets it commits; null to leave no trace.</summary>
    public string? Group { get; init; }

    /// <summary>It ends after so many records; null for no bound.</summary>
    public long? Max { get; init; }

    /// <summary>It ends when no record has come for so long; null for never.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>It ends where the topic ended when it began.</summary>
    public bool UntilEnd { get; init; }

    public IsolationLevel Isolation { get; init; } = IsolationLevel.ReadCommitted;

    public PayloadFormat KeyFormat { get; init; } = PayloadFormat.Auto;

    public PayloadFormat ValueFormat { get; init; } = PayloadFormat.Auto;
}

/// <summary>Why <c>consume</c> ended.</summary>
internal enum ConsumeEnd
{
    Max,
    End,
    Timeout,
    Cancelled,
}
