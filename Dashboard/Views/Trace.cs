using System.Collections.Immutable;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Views;

/// <summary>Says where a figure comes from: which windows, how many events, as of which checkpoints and offsets, final or not.</summary>
public static class Trace
{
    private const int PartitionsNamed = 8;

    /// <summary>Of a whole range.</summary>
    public static ImmutableArray<string> OfPeriod(SalesPeriod period, FeedSnapshot snapshot, string what)
    {
        ArgumentNullException.ThrowIfNull(period);
        var windows = period.Slots.Sum(s => s.Stores.Sum(w => w.Windows));
        var open = period.Slots.Sum(s => s.Stores.Where(w => !w.IsFinal).Sum(w => w.Windows));
        return
        [
            what,
            ViewerClock.UtcSpan(period.From, period.To),
            $"{Figures.Count(windows)} windows · {Figures.Count(period.Count)} events",
            open == 0 ? "All windows are final." : $"{Figures.Count(open)} windows are still open: provisional.",
            .. AsOf(snapshot),
        ];
    }

    /// <summary>Of one slot of one store, or of several.</summary>
    public static string OfSlot(Slot slot, FeedSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(slot);
        var sources = slot.Stores.GroupBy(s => s.Partition).OrderBy(g => g.Key).Select(g => (Partition: g.Key, Version: g.Max(s => s.Version))).ToList();
        return sources switch
        {
            [] => "No sale.",
            [var only] => "As of " + Partition(only.Partition, only.Version, snapshot),
            _ => "As of " + string.Join(", ", sources.Take(PartitionsNamed).Select(s => $"p{s.Partition} checkpoint {Figures.Count(s.Version)}")) + (sources.Count > PartitionsNamed ? ", …" : ""),
        };
    }

    /// <summary>Of one window.</summary>
    public static string OfWindow(int partition, long version, FeedSnapshot snapshot) => Partition(partition, version, snapshot);

    private static string Partition(int partition, long version, FeedSnapshot snapshot)
    {
        var progress = snapshot.Partitions.FirstOrDefault(p => p.Id.Partition == partition && p.Version == version);
        return progress is null
            ? $"partition {partition}, checkpoint {Figures.Count(version)}"
            : $"partition {partition}, checkpoint {Figures.Count(version)}, up to offset {Figures.Count(progress.NextOffset - 1)}";
    }

    private static IEnumerable<string> AsOf(FeedSnapshot snapshot) => snapshot.Partitions.IsEmpty
        ? ["No checkpoint yet."]
        : snapshot.Partitions.Take(PartitionsNamed)
            .Select(p => $"As of partition {p.Id.Partition}: checkpoint {Figures.Count(p.Version)}, next offset {Figures.Count(p.NextOffset)}")
            .Concat(snapshot.Partitions.Length > PartitionsNamed ? ["…"] : []);
}
