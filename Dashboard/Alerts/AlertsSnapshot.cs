using System.Collections.Frozen;
using System.Collections.Immutable;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Alerts;

/// <summary>The alerts of all pipelines at one moment; immutable, shared by all browsers.</summary>
/// <param name="Health">Whether the database is heard.</param>
/// <param name="FiringCount">How many fire; null before the first answer.</param>
/// <param name="Rows">Those that fire, then those that are over; each newest first.</param>
public sealed record AlertsSnapshot(FeedHealth Health, int? FiringCount, ImmutableArray<AlertRow> Rows)
{
    /// <summary>How many of each sort are held at most.</summary>
    public const int Most = 500;

    private readonly Lazy<FrozenDictionary<string, FrozenDictionary<string, AlertRow>>> _worst = new(() => Worst(Rows));

    /// <summary>Before the first answer.</summary>
    public static AlertsSnapshot Empty { get; } = new(new FeedHealth(FeedCondition.Starting, DateTimeOffset.UnixEpoch), null, []);

    /// <summary>Whether more fire, or more are over, than are held.</summary>
    public bool IsCut => FiringCount > Rows.Count(row => row.IsFiring) || Rows.Count(row => !row.IsFiring) >= Most;

    /// <summary>The worst alert that fires for each key of a pipeline.</summary>
    public IReadOnlyDictionary<string, AlertRow> FiringOf(string pipeline) => _worst.Value.GetValueOrDefault(pipeline) ?? FrozenDictionary<string, AlertRow>.Empty;

    /// <summary>The same alerts under another condition.</summary>
    public AlertsSnapshot With(FeedCondition condition, DateTimeOffset now, string? reason) =>
        new(new FeedHealth(condition, Health.Condition == condition ? Health.Since : now, reason), FiringCount, Rows);

    /// <summary>Whether a viewer would see the same.</summary>
    public bool ShowsSameAs(AlertsSnapshot other) => Health.Condition == other.Health.Condition && FiringCount == other.FiringCount && Rows.SequenceEqual(other.Rows);

    private static FrozenDictionary<string, FrozenDictionary<string, AlertRow>> Worst(ImmutableArray<AlertRow> rows) => rows
        .Where(row => row.IsFiring).GroupBy(row => row.Pipeline, StringComparer.Ordinal)
        .ToFrozenDictionary(pipeline => pipeline.Key, pipeline => pipeline.GroupBy(row => row.Key, StringComparer.Ordinal)
            .ToFrozenDictionary(key => key.Key, key => key.MaxBy(row => row.Rank)!, StringComparer.Ordinal), StringComparer.Ordinal);
}
