using System.Collections.Concurrent;
using System.Collections.Immutable;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Views;

/// <summary>The live ranges of one snapshot. Each is rolled up once, by whichever browser asks first.</summary>
public sealed class SalesPeriods(FeedSnapshot snapshot)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<TimeSpan, Lazy<SalesPeriod?>> _periods = new();

    /// <summary>The last <paramref name="length"/>, by event time, and as much before it; null while there is no window at all.</summary>
    public SalesPeriod? Live(TimeSpan length) => _periods.GetOrAdd(length, span => new Lazy<SalesPeriod?>(() => Build(span))).Value;

    /// <summary>The windows of the last <paramref name="length"/>, newest first.</summary>
    public IEnumerable<SalesWindow> Windows(TimeSpan length) =>
        snapshot.LiveEnd is { } end ? Between(end - length, end).Reverse() : [];

    private SalesPeriod? Build(TimeSpan length)
    {
        if (snapshot.LiveEnd is not { } end)
        {
            return null;
        }

        var previous = RollUp(end - length - length, end - length);

        // A "previous period" of which we know only a part would show growth that never was.
        var covered = !previous.Slots.IsEmpty && !previous.Slots[0].Stores.IsEmpty;
        return RollUp(end - length, end) with { Previous = covered ? previous : null };
    }

    private SalesPeriod RollUp(DateTimeOffset from, DateTimeOffset to)
    {
        var slices = Between(from, to)
            .GroupBy(w => (w.Start, w.StoreId))
            .Select(group => (group.Key.Start, Slice(group.Key.StoreId, [.. group])));
        return Open(SalesPeriod.Of(from, to, Minute, slices), Watermark());
    }

    /// <summary>A minute that the watermark has not passed is open even if no store has sold in it yet; without one every minute is.</summary>
    private static SalesPeriod Open(SalesPeriod period, DateTimeOffset? watermark) =>
        new(period.From, period.To, period.SlotLength, [.. period.Slots.Select(s => watermark is { } passed && s.End <= passed ? s : s with { IsProvisional = true })]);

    /// <summary>The smallest of all partitions: each may still bring sales of its own stores. Null while one of them has none.</summary>
    private DateTimeOffset? Watermark() =>
        snapshot.Partitions.IsEmpty || snapshot.Partitions.Any(p => p.Watermark is null) ? null : snapshot.Partitions.Min(p => p.Watermark);

    private IEnumerable<SalesWindow> Between(DateTimeOffset from, DateTimeOffset to) => snapshot.Windows
        .SkipWhile(minute => minute.Key < from)
        .TakeWhile(minute => minute.Key < to)
        .SelectMany(minute => minute.Value.Values);

    /// <summary>One store's windows of one minute: one, or one per partition when its topic was created anew.</summary>
    private static StoreSlice Slice(string storeId, ImmutableArray<SalesWindow> windows)
    {
        var newest = windows.MaxBy(w => w.Version)!;
        return new StoreSlice(
            storeId, windows.Sum(w => w.Count), windows.Sum(w => w.Sum), windows.Sum(w => w.Late), windows.All(w => w.IsFinal),
            windows.Length, newest.Source.Partition, newest.Version);
    }
}
