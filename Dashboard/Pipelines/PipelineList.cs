using System.Collections.Immutable;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Pipelines;

/// <summary>All pipelines at one moment.</summary>
public sealed record PipelineList(FeedHealth Health, DateTimeOffset ReadAt, DateTimeOffset DatabaseTime, ImmutableArray<PipelineInfo> Pipelines)
{
    /// <summary>Before the first answer.</summary>
    public static PipelineList Empty { get; } = new(new FeedHealth(FeedCondition.Starting, DateTimeOffset.UnixEpoch), default, default, []);

    /// <summary>The same under another condition.</summary>
    public PipelineList With(FeedCondition condition, DateTimeOffset now, string? reason) =>
        this with { Health = new FeedHealth(condition, Health.Condition == condition ? Health.Since : now, reason) };

    /// <summary>The database's clock now, by what has passed here since it answered.</summary>
    public DateTimeOffset Now(DateTimeOffset here) => DatabaseTime + (here - ReadAt);
}
