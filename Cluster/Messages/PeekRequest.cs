using System.Collections.Immutable;
using Confluent.Kafka;

namespace Streaming.Cluster.Messages;

/// <summary>A bounded look into a topic.</summary>
public sealed record PeekRequest(string Topic, ReadFrom From)
{
    /// <summary>The one partition; null for all.</summary>
    public int? Partition { get; init; }

    /// <summary>How many messages are given back at most.</summary>
    public int Count { get; init; } = 50;

    /// <summary>How many bytes of one key, value or header are kept.</summary>
    public int KeptBytes { get; init; } = 16 * 1024;

    /// <summary>How many bytes are read at most, of all records together; reading ends with the record that passes it.</summary>
    public int ReadBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>How long it may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    public IsolationLevel Isolation { get; init; } = IsolationLevel.ReadCommitted;
}

/// <summary>What was found, the newest first where the newest were asked for, the oldest first else.</summary>
/// <param name="End">Why there are no more.</param>
public sealed record PeekResult(ImmutableArray<PeekedMessage> Messages, PeekEnd End);

/// <summary>Why a look ended.</summary>
public enum PeekEnd
{
    /// <summary>There is nothing further in the topic.</summary>
    EndOfTopic,

    /// <summary>As many as were asked for.</summary>
    Count,

    /// <summary>As many bytes as are read in one look.</summary>
    Bytes,

    /// <summary>Its time was over.</summary>
    Patience,
}
