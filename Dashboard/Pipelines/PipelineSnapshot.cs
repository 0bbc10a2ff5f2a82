using System.Collections.Concurrent;
using System.Collections.Immutable;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Pipelines;

/// <summary>Everything that the live page of a pipeline shows, at one moment; immutable, shared by all browsers.</summary>
public sealed record PipelineSnapshot
{
    private readonly ConcurrentDictionary<int, Lazy<PipelinePeriod?>> _periods = new();

    // A copy under another condition shows the same data: what was built out of it is shared.
    private PipelineSnapshot(PipelineSnapshot other)
    {
        _periods = other._periods;
        (Number, Health, ReadAt, DatabaseTime, Info, Spec, Held, CompleteFromMs, Alerts, EventsPerSecond) = (
            other.Number, other.Health, other.ReadAt, other.DatabaseTime, other.Info, other.Spec, other.Held, other.CompleteFromMs, other.Alerts, other.EventsPerSecond);
    }

    public PipelineSnapshot()
    {
    }

    /// <summary>Before the first answer.</summary>
    public static PipelineSnapshot Empty { get; } = new();

    /// <summary>Grows by one with every snapshot.</summary>
    public long Number { get; init; }

    public FeedHealth Health { get; init; } = new(FeedCondition.Starting, DateTimeOffset.UnixEpoch);

    /// <summary>When the newest answer arrived, by this machine's clock.</summary>
    public DateTimeOffset ReadAt { get; init; }

    /// <summary>The database's clock in that answer.</summary>
    public DateTimeOffset DatabaseTime { get; init; }

    /// <summary>Null before the first answer, and when there is no such pipeline.</summary>
    public PipelineInfo? Info { get; init; }

    /// <summary>The kind of windows that is held; null when the definition cannot be read.</summary>
    public WindowSpec? Spec { get; init; }

    /// <summary>Rows by interval, oldest first.</summary>
    public ImmutableSortedDictionary<Window, WindowRows> Held { get; init; } = ImmutableSortedDictionary.Create<Window, WindowRows>(ByStart.Order);

    /// <summary>Rows that start earlier may be missing, because they do not fit in memory: no window that starts earlier is shown.</summary>
    public long CompleteFromMs { get; init; } = long.MinValue;

    public PipelineAlerts Alerts { get; init; } = PipelineAlerts.None;

    /// <summary>Records per second over the last ten seconds; null while it cannot be known.</summary>
    public double? EventsPerSecond { get; init; }

    /// <summary>Whether the database has said that there is no such pipeline.</summary>
    public bool IsUnknown => Health.Condition == FeedCondition.Live && Info is null;

    /// <summary>The newest windows, built once per snapshot and not once per browser; null while there is none.</summary>
    public PipelinePeriod? Live(int windows) => _periods.GetOrAdd(windows, count => new Lazy<PipelinePeriod?>(() => LiveWindows.Of(this, count))).Value;

    /// <summary>The database's clock now, by what has passed here since it answered.</summary>
    public DateTimeOffset Now(DateTimeOffset here) => DatabaseTime + (here - ReadAt);

    public bool Equals(PipelineSnapshot? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
