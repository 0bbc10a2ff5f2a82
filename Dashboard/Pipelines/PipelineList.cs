using System.Collections.Immutable;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Pipelines;

/// <summary>All pipelines at one moment.</summary>
/// <param name="Health">Whether the database is heard.</param>
/// <param name="ReadAt">When the newest answer arrived, by this machine's clock.</param>
/// <param name="DatabaseTime">The database's clock in that answer.</param>
/// <param name="Pipelines">By name.</param>
public sealed record PipelineList(FeedHealth Health, DateTimeOffset ReadAt, DateTimeOffset DatabaseTime, ImmutableArray<PipelineInfo> Pipelines)
{
    /// <summary>Events that all of them together count per second, over the last ten seconds; null while it cannot be known.</summary>
    public double? EventsPerSecond { get; init; }

    /// <summary>Before the first answer.</summary>
    public static PipelineList Empty { get; } = new(new FeedHealth(FeedCondition.Starting, DateTimeOffset.UnixEpoch), default, default, []);

    /// <summary>The same under another condition.</summary>
    public PipelineList With(FeedCondition condition, DateTimeOffset now, string? reason) =>
        this with { Health = new FeedHealth(condition, Health.Condition == condition ? Health.Since : now, reason) };

    /// <summary>The database's clock now, by what has passed here since it answered.</summary>
    public DateTimeOffset Now(DateTimeOffset here) => DatabaseTime + (here - ReadAt);
}
