using System.Collections.Immutable;
using Streaming.Cluster.Groups;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Kafka;

/// <summary>All consumer groups at one moment.</summary>
/// <param name="Groups">Those that were described.</param>
/// <param name="Others">Names of those beyond the bound.</param>
public sealed record GroupList(FeedHealth Health, DateTimeOffset ReadAt, ImmutableArray<GroupDetail> Groups, ImmutableArray<string> Others)
{
    /// <summary>Before the first answer.</summary>
    public static GroupList Empty { get; } = new(new FeedHealth(FeedCondition.Starting, DateTimeOffset.UnixEpoch), default, [], []);

    /// <summary>The same under another condition.</summary>
    public GroupList With(FeedCondition condition, DateTimeOffset now, string? reason) =>
        this with { Health = new FeedHealth(condition, Health.Condition == condition ? Health.Since : now, reason) };
}
