using System.Collections.Immutable;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Proof;

/// <summary>Both ways of counting, minute by minute; immutable, shared by all browsers.</summary>
/// <param name="Health">Whether the database is heard.</param>
/// <param name="Table">Null before the first answer.</param>
public sealed record ProofSnapshot(FeedHealth Health, ProofTable? Table)
{
    /// <summary>Before the first answer.</summary>
    public static ProofSnapshot Empty { get; } = new(new FeedHealth(FeedCondition.Starting, DateTimeOffset.UnixEpoch), null);

    /// <summary>The same under another condition.</summary>
    public ProofSnapshot With(FeedCondition condition, DateTimeOffset now, string? reason) =>
        this with { Health = new FeedHealth(condition, Health.Condition == condition ? Health.Since : now, reason) };
}

/// <summary>A range, both ways.</summary>
/// <param name="Pipeline">Whose windows are held against its events; null when there is no such pipeline, or none with windows of a minute.</param>
/// <param name="KeptFrom">From which minute on the raw events are whole; null when none are kept.</param>
/// <param name="Scale">Decimal digits of the amounts.</param>
/// <param name="Minutes">Newest first.</param>
public sealed record ProofTable(string? Pipeline, DateTimeOffset? KeptFrom, int Scale, ImmutableArray<ProofMinute> Minutes)
{
    public static ProofTable Nothing { get; } = new(null, null, 0, []);

    /// <summary>Minutes that could be compared.</summary>
    public int Compared { get; } = Minutes.Count(minute => minute.IsKept);

    /// <summary>Minutes in which the two differ.</summary>
    public int Differing { get; } = Minutes.Count(minute => minute.State == ProofState.Differs);
}
