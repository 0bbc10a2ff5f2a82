using System.Collections.Immutable;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Pipelines;

/// <summary>
/// Folds answers about one kind of windows of one pipeline into snapshots. Pure: no clock, no socket. Invariant: <see cref="Cursor"/> names, for each
/// partition, a version up to which every row since <see cref="PipelineSnapshot.CompleteFromMs"/> is in the snapshot.
/// </summary>
public sealed class PipelineFeedState(string? windowName, int maxRows, long maxBytes)
{
    private readonly EventRate _rate = new(TimeSpan.FromSeconds(10));
    private PipelineSnapshot _snapshot = PipelineSnapshot.Empty;
    private long _bytes;
    private int _rows;

    /// <summary>What to ask beyond, next time.</summary>
    public PipelineCursor Cursor { get; private set; } = PipelineCursor.Start;

    /// <summary>The newest snapshot.</summary>
    public PipelineSnapshot Snapshot => _snapshot;

    /// <summary>Takes in an answer that arrived at <paramref name="readAt"/>.</summary>
    public PipelineSnapshot Apply(PipelineChanges changes, DateTimeOffset readAt)
    {
        if (changes.IsReload)
        {
            (_bytes, _rows) = (0, 0);
            _rate.Reset();
        }

        var held = (changes.IsReload ? PipelineSnapshot.Empty.Held : _snapshot.Held).ToBuilder();
        Remove(held, changes.Removed);
        Add(held, changes.Rows);
        var completeFrom = changes.IsReload ? long.MinValue : _snapshot.CompleteFromMs;
        if (changes.IsCut && changes.Rows.Count > 0)
        {
            completeFrom = Math.Max(completeFrom, changes.Rows.Min(row => row.Window.StartMs) + 1);
        }

        completeFrom = Trim(held, changes, completeFrom);
        if (changes.Info is { Shown.IsEmpty: false } info)
        {
            _rate.Add(changes.DatabaseTime, info.Shown.Sum(p => p.Read));
        }

        Cursor = new PipelineCursor(changes.Epoch, changes.Info?.Partitions.ToImmutableDictionary(p => p.Source, p => p.Version) ?? PipelineCursor.Start.Versions);
        return _snapshot = new PipelineSnapshot
        {
            Number = _snapshot.Number + 1,
            Health = Since(FeedCondition.Live, readAt, null),
            ReadAt = readAt,
            DatabaseTime = changes.DatabaseTime,
            Info = changes.Info,
            Spec = changes.Info?.Description?.Choose(windowName),
            Held = held.ToImmutable(),
            CompleteFromMs = completeFrom,
            Alerts = changes.Alerts,
            EventsPerSecond = _rate.PerSecond,
        };
    }

    /// <summary>Keeps the data and changes what is said about the connection.</summary>
    public PipelineSnapshot Report(FeedCondition condition, DateTimeOffset now, string? reason) => _snapshot = _snapshot with
    {
        Number = _snapshot.Number + 1,
        Health = Since(condition, now, reason),
    };

    private FeedHealth Since(FeedCondition condition, DateTimeOffset now, string? reason) =>
        new(condition, _snapshot.Health.Condition == condition ? _snapshot.Health.Since : now, reason);

    private void Remove(ImmutableSortedDictionary<Window, WindowRows>.Builder held, IReadOnlyList<RemovedRow> removed)
    {
        foreach (var same in removed.GroupBy(row => row.Window))
        {
            if (!held.TryGetValue(same.Key, out var window))
            {
                continue;
            }

            var gone = same.Select(row => row.Id).Where(window.Rows.ContainsKey).Distinct().ToList();
            Count(gone.Select(id => window.Rows[id]), -1);
            var left = window.Rows.RemoveRange(gone);
            if (left.IsEmpty)
            {
                held.Remove(same.Key);
            }
            else
            {
                held[same.Key] = new WindowRows(left);
            }
        }
    }

    private void Add(ImmutableSortedDictionary<Window, WindowRows>.Builder held, IReadOnlyList<StoredRow> rows)
    {
        foreach (var same in rows.GroupBy(row => row.Window))
        {
            var window = held.GetValueOrDefault(same.Key) ?? WindowRows.Empty;
            Count(same.Where(row => window.Rows.ContainsKey(row.Id)).Select(row => window.Rows[row.Id]), -1);
            Count(same, 1);
            held[same.Key] = new WindowRows(window.Rows.SetItems(same.Select(row => KeyValuePair.Create(row.Id, row))));
        }
    }

    private void Count(IEnumerable<StoredRow> rows, int sign)
    {
        foreach (var row in rows)
        {
            _bytes += sign * row.Bytes;
            _rows += sign;
        }
    }

    /// <summary>Drops what is older than the horizon and, beyond the bounds, the oldest; returns from which start on everything is held.</summary>
    private long Trim(ImmutableSortedDictionary<Window, WindowRows>.Builder held, PipelineChanges changes, long completeFrom)
    {
        var oldest = changes.Info is { } info && info.Description is { } description && PipelineReader.NewestWatermark(info) is { } newest
            ? (newest - description.Choose(windowName).Horizon()).ToUnixTimeMilliseconds()
            : long.MinValue;
        foreach (var (window, rows) in held.ToImmutable())
        {
            var isOld = window.StartMs < oldest;
            if (!isOld && _rows <= maxRows && _bytes <= maxBytes)
            {
                break;
            }

            held.Remove(window);
            Count(rows.Rows.Values, -1);
            completeFrom = isOld ? completeFrom : Math.Max(completeFrom, window.StartMs + 1);
        }

        return completeFrom;
    }
}
