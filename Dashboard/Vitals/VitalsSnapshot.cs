using System.Collections.Immutable;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Vitals;

/// <summary>How all pipelines run, at one moment.</summary>
/// <param name="Health">Whether the database is heard.</param>
/// <param name="ReadAt">When the newest answer arrived, by this machine's clock.</param>
/// <param name="DatabaseTime">The database's clock in that answer.</param>
/// <param name="Pipelines">By name.</param>
/// <param name="EventToCommit">Of the last minute, over all pipelines.</param>
/// <param name="CommitToPush">Of the last minute, over the pipeline of the sales, and all others that somebody looks at.</param>
/// <param name="CheckpointDuration">Of the last minute, over all pipelines.</param>
public sealed record VitalsSnapshot(
    FeedHealth Health, DateTimeOffset ReadAt, DateTimeOffset DatabaseTime, ImmutableArray<PipelineVitals> Pipelines,
    Percentiles? EventToCommit = null, Percentiles? CommitToPush = null, Percentiles? CheckpointDuration = null)
{
    /// <summary>Before the first answer.</summary>
    public static VitalsSnapshot Empty { get; } = new(new FeedHealth(FeedCondition.Starting, DateTimeOffset.UnixEpoch), default, default, []);

    /// <summary>The same under another condition.</summary>
    public VitalsSnapshot With(FeedCondition condition, DateTimeOffset now, string? reason) =>
        this with { Health = new FeedHealth(condition, Health.Condition == condition ? Health.Since : now, reason) };

    /// <summary>The database's clock now, by what has passed here since it answered.</summary>
    public DateTimeOffset Now(DateTimeOffset here) => DatabaseTime + (here - ReadAt);
}
