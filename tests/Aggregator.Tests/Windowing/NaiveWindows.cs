using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Windowing;

/// <summary>Which windows an event time is in, by trying all that could be.</summary>
internal static class NaiveWindows
{
    public static bool HasPanes(WindowSpec of) => of is HoppingWindows or CumulativeWindows;

    public static IEnumerable<Window> Of(WindowSpec of, long timeMs) => of switch
    {
        TumblingWindows w => [Aligned(timeMs, w.Size, w.Offset)],
        HoppingWindows w => Hops(timeMs, w),
        CumulativeWindows w => Steps(timeMs, w),
        CalendarDays w => [Day(timeMs, TimeZoneInfo.FindSystemTimeZoneById(w.TimeZone))],
        _ => throw new ArgumentOutOfRangeException(nameof(of)),
    };

    public static Window PaneOf(WindowSpec of, long timeMs) => of switch
    {
        // The largest length that divides size and hop.
        HoppingWindows w => Aligned(
            timeMs, TimeSpan.FromMilliseconds(Enumerable.Range(1, Ms(w.Hop)).Last(length => Ms(w.Size) % length == 0 && Ms(w.Hop) % length == 0)), w.Offset),
        CumulativeWindows w => Aligned(timeMs, w.Step, w.Offset),
        _ => throw new ArgumentOutOfRangeException(nameof(of)),
    };

    private static IEnumerable<Window> Hops(long timeMs, HoppingWindows w)
    {
        for (long start = timeMs - Ms(w.Size); start <= timeMs; start++)
        {
            if (start == Aligned(start, w.Hop, w.Offset).StartMs && timeMs < start + Ms(w.Size))
            {
                yield return new Window(start, start + Ms(w.Size));
            }
        }
    }

    private static IEnumerable<Window> Steps(long timeMs, CumulativeWindows w)
    {
        long start = Aligned(timeMs, w.Size, w.Offset).StartMs;
        for (long end = start + Ms(w.Step); end <= start + Ms(w.Size); end += Ms(w.Step))
        {
            if (timeMs < end)
            {
                yield return new Window(start, end);
            }
        }
    }

    // Of a zone whose days begin at full hours of UTC.
    private static Window Day(long timeMs, TimeZoneInfo zone)
    {
        const long HourMs = 3_600_000;
        long start = (long)Math.Floor(timeMs / (decimal)HourMs) * HourMs, end = start;
        for (; DateAt(start - HourMs) == DateAt(timeMs); start -= HourMs)
        {
        }

        for (; DateAt(end) == DateAt(timeMs); end += HourMs)
        {
        }

        return new Window(start, end);

        DateTime DateAt(long ms) => TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(ms), zone).Date;
    }

    private static Window Aligned(long timeMs, TimeSpan size, TimeSpan offset)
    {
        var start = (long)((Math.Floor((timeMs - (decimal)Ms(offset)) / Ms(size)) * Ms(size)) + Ms(offset));
        return new Window(start, start + Ms(size));
    }

    private static int Ms(TimeSpan duration) => (int)duration.TotalMilliseconds;
}
