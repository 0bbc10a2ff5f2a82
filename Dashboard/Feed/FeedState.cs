using System.Collections.Immutable;

namespace Streaming.Dashboard.Feed;

/// <summary>
/// Folds answers of the database into snapshots. Pure: no clock, no socket. Invariant: <see cref="Cursor"/> names, for each partition, a
/// version up to which every window within the horizon is in the snapshot.
/// </summary>
public sealed class FeedState(TimeSpan horizon, int maxWindows)
{
    private readonly EventRate _rate = new(TimeSpan.FromSeconds(10));
    private FeedSnapshot _snapshot = FeedSnapshot.Empty;
    private long _number;

    /// <summary>What to ask beyond, next time.</summary>
    public FeedCursor Cursor { get; private set; } = FeedCursor.Start;

    /// <summary>The newest snapshot.</summary>
    public FeedSnapshot Snapshot => _snapshot;

    /// <summary>Takes in an answer that arrived at <paramref name="readAt"/>.</summary>
    public FeedSnapshot Apply(FeedChanges changes, DateTimeOffset readAt)
    {
        var sameGeneration = changes.Generation == _snapshot.Generation;
        if (!sameGeneration)
        {
            _rate.Reset();
        }

        var partitions = Alive(changes.Partitions);
        var liveEnd = LiveEndOf(partitions, changes.Windows, sameGeneration ? _snapshot.LiveEnd : null);
        var windows = Merge(sameGeneration ? _snapshot.Windows : _snapshot.Windows.Clear(), changes.Windows);
        if (!partitions.IsEmpty)
        {
            _rate.Add(changes.DatabaseTime, partitions.Sum(p => p.Events + p.Late + p.Rejected));
        }

        Cursor = new FeedCursor(changes.Generation, changes.Partitions.ToDictionary(p => p.Id, p => p.Version), changes.StoresSeen);
        return _snapshot = new FeedSnapshot
        {
            Number = ++_number,
            Health = Since(FeedCondition.Live, readAt, null),
            ReadAt = readAt,
            DatabaseTime = changes.DatabaseTime,
            Generation = changes.Generation,
            Partitions = partitions,
            Windows = Trim(windows, liveEnd),
            Stores = _snapshot.Stores.SetItems(changes.Stores.Select(store => KeyValuePair.Create(store.StoreId, store))),
            EventsPerSecond = _rate.PerSecond,
            LiveEnd = liveEnd,
        };
    }

    /// <summary>Keeps the data and changes what is said about the connection.</summary>
    public FeedSnapshot Report(FeedCondition condition, DateTimeOffset now, string? reason) =>
        _snapshot = _snapshot.With(Since(condition, now, reason), ++_number);

    private FeedHealth Since(FeedCondition condition, DateTimeOffset now, string? reason) =>
        new(condition, _snapshot.Health.Condition == condition ? _snapshot.Health.Since : now, reason);

    /// <summary>Of a topic that exists under several ids only the one that moved last is alive; the others would count as lag forever.</summary>
    private static ImmutableArray<PartitionProgress> Alive(IReadOnlyList<PartitionProgress> partitions) => [.. partitions
        .GroupBy(p => p.Topic)
        .SelectMany(topic => topic.GroupBy(p => p.Id.TopicId).MaxBy(id => id.Max(p => p.UpdatedAt))!)
        .OrderBy(p => p.Topic, StringComparer.Ordinal).ThenBy(p => p.Id.Partition)];

    /// <summary>
    /// The minute that counts as "now": the newest window, but no more than one window ahead of the largest watermark, so that a single
    /// event with a clock that runs fast does not push everybody else's windows off the chart.
    /// </summary>
    private static DateTimeOffset? LiveEndOf(ImmutableArray<PartitionProgress> partitions, IReadOnlyList<SalesWindow> news, DateTimeOffset? before)
    {
        var newest = news.Count == 0 ? before : news.Max(w => w.End);
        newest = before > newest ? before : newest;
        if (newest is not { } end || partitions.Max(p => p.Watermark) is not { } watermark)
        {
            return newest;
        }

        var minute = TimeSpan.FromMinutes(1);
        var bound = new DateTimeOffset(watermark.UtcTicks - (watermark.UtcTicks % minute.Ticks), TimeSpan.Zero) + minute + minute;
        return end < bound ? end : bound;
    }

    private static ImmutableSortedDictionary<DateTimeOffset, ImmutableDictionary<WindowKey, SalesWindow>> Merge(
        ImmutableSortedDictionary<DateTimeOffset, ImmutableDictionary<WindowKey, SalesWindow>> windows, IReadOnlyList<SalesWindow> news)
    {
        var merged = windows.ToBuilder();
        foreach (var start in news.GroupBy(w => w.Start))
        {
            var held = merged.GetValueOrDefault(start.Key) ?? ImmutableDictionary<WindowKey, SalesWindow>.Empty;
            merged[start.Key] = held.SetItems(start.Select(w => KeyValuePair.Create(new WindowKey(w.Source, w.StoreId, w.End), w)));
        }

        return merged.ToImmutable();
    }

    private ImmutableSortedDictionary<DateTimeOffset, ImmutableDictionary<WindowKey, SalesWindow>> Trim(
        ImmutableSortedDictionary<DateTimeOffset, ImmutableDictionary<WindowKey, SalesWindow>> windows, DateTimeOffset? liveEnd)
    {
        var oldest = liveEnd - horizon;
        var held = windows.Values.Sum(minute => minute.Count);
        var kept = windows.ToBuilder();
        foreach (var (start, minute) in windows)
        {
            if (start >= oldest && held <= maxWindows)
            {
                break;
            }

            kept.Remove(start);
            held -= minute.Count;
        }

        return kept.ToImmutable();
    }
}
