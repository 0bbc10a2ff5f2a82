using System.Collections.Immutable;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Kafka;

/// <summary>A topic in the list.</summary>
/// <param name="Records">How many records there are, about; null when that is not known.</param>
/// <param name="PerSecond">How many come per second; null when that is not known (yet).</param>
/// <param name="Cleanup">The setting <c>cleanup.policy</c>; null when settings may not be read.</param>
/// <param name="RetentionMs">The setting <c>retention.ms</c>.</param>
/// <param name="WithoutLeader">Partitions that nobody leads: neither read nor written.</param>
/// <param name="Behind">Partitions with copies that are not up to date.</param>
public sealed record TopicRow(string Name, int Partitions, int Replication, long? Records, double? PerSecond, string? Cleanup, string? RetentionMs, int WithoutLeader, int Behind)
{
    /// <summary>Whether it is one of Kafka's own.</summary>
    public bool IsInternal => Name.StartsWith("__", StringComparison.Ordinal);
}

/// <summary>All topics at one moment.</summary>
/// <param name="IsPartial">There are more partitions than offsets are asked for.</param>
public sealed record TopicList(FeedHealth Health, DateTimeOffset ReadAt, ImmutableArray<TopicRow> Topics, bool IsPartial = false)
{
    /// <summary>Before the first answer.</summary>
    public static TopicList Empty { get; } = new(new FeedHealth(FeedCondition.Starting, DateTimeOffset.UnixEpoch), default, []);

    /// <summary>The same under another condition.</summary>
    public TopicList With(FeedCondition condition, DateTimeOffset now, string? reason) =>
        this with { Health = new FeedHealth(condition, Health.Condition == condition ? Health.Since : now, reason) };
}
