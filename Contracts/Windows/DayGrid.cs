using System.Collections.Concurrent;

namespace Streaming.Contracts.Windows;

/// <summary>
/// The days of a time zone. A day begins at the first moment at which the zone's clocks show its date or a later one: at midnight; where clocks skip
/// midnight, when they skip it; where they show midnight twice, the first time. A date that a zone skips wholly has no window. What the zone's rules are is
/// what the machine's time zone data says.
/// </summary>
internal sealed class DayGrid(TimeZoneInfo zone) : WindowGrid
{
    private const long DayMs = 86_400_000;
    private const int MostCached = 512;

    // By days of UTC, each with the windows that have a part in it.
    private readonly ConcurrentDictionary<long, Window[]> _cache = new();

    public override bool HasPanes => false;

    public override Window SliceOf(long timeMs)
    {
        long day = Floor(timeMs, DayMs);
        if (!_cache.TryGetValue(day, out Window[]? windows))
        {
            windows = Find(day);
            Remember(day, windows);
        }

        foreach (Window window in windows)
        {
            if (timeMs < window.EndMs)
            {
                return window;
            }
        }

        throw new InvalidOperationException($"No day of {zone.Id} contains {timeMs} ms since 1970.");
    }

    public override Window FirstOver(Window slice) => slice;

    public override Window LastOver(Window slice) => slice;

    public override Window After(Window window) => SliceOf(window.EndMs);

    public override Window? FirstOverEndingAfter(Window slice, long momentMs) => slice.EndMs > momentMs ? slice : null;

    private void Remember(long day, Window[] windows)
    {
        if (_cache.Count >= MostCached)
        {
            _cache.Clear();
        }

        _cache[day] = windows;
    }

    /// <summary>The windows that overlap the day of UTC that begins at this moment.</summary>
    private Window[] Find(long utcDayMs)
    {
        // Clocks are at most 14 hours away from UTC, and a skipped date makes two starts one.
        var offsets = new ZoneOffsets(zone, utcDayMs - (3 * DayMs), utcDayMs + (4 * DayMs));
        var starts = new List<long>();
        for (int date = -2; date <= 3; date++)
        {
            long start = offsets.FirstShowing(utcDayMs + (date * DayMs));
            if (starts.Count == 0 || start > starts[^1])
            {
                starts.Add(start);
            }
        }

        return [.. starts.Zip(starts.Skip(1), (start, end) => new Window(start, end)).Where(day => day.EndMs > utcDayMs && day.StartMs < utcDayMs + DayMs)];
    }
}
