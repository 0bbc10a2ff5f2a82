using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Alerts;

/// <summary>
/// Where windows of one kind end, whether they have a row or not. All times are milliseconds since the Unix epoch. Sessions have no grid: where nothing
/// happens there is no session.
/// </summary>
internal abstract class WindowGrid
{
    /// <summary>Null for sessions.</summary>
    public static WindowGrid? Of(WindowSpec windows) => windows switch
    {
        TumblingWindows w => new StepGrid(Ms(w.Size), Ms(w.Size), Ms(w.Offset)),
        HoppingWindows w => new StepGrid(Ms(w.Hop), Ms(w.Size), Ms(w.Offset) + Ms(w.Size)),
        CumulativeWindows w => new GrowingGrid(Ms(w.Step), Ms(w.Size), Ms(w.Offset)),
        CalendarDays w => new DayGrid(TimeZoneInfo.FindSystemTimeZoneById(w.TimeZone)),
        SessionWindows => null,
        _ => throw new ArgumentOutOfRangeException(nameof(windows), windows, "an unknown kind of window"),
    };

    /// <summary>The first end after this moment.</summary>
    public abstract long EndAfter(long ms);

    /// <summary>The last end at this moment or before.</summary>
    public abstract long EndAtOrBefore(long ms);

    /// <summary>The window that ends here.</summary>
    public abstract Window Ending(long endMs);

    private static long Ms(TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerMillisecond;

    /// <summary>Rounds down to a multiple of the step from the origin, also before it.</summary>
    private static long Floor(long ms, long step, long origin)
    {
        var into = (ms - origin) % step;
        return ms - (into < 0 ? into + step : into);
    }

    /// <summary>Ends at equal distances; all windows of one size.</summary>
    private sealed class StepGrid(long stepMs, long sizeMs, long originMs) : WindowGrid
    {
        public override long EndAfter(long ms) => EndAtOrBefore(ms) + stepMs;

        public override long EndAtOrBefore(long ms) => Floor(ms, stepMs, originMs);

        public override Window Ending(long endMs) => new(endMs - sizeMs, endMs);
    }

    /// <summary>Ends at equal distances; windows grow from a common start.</summary>
    private sealed class GrowingGrid(long stepMs, long sizeMs, long offsetMs) : WindowGrid
    {
        public override long EndAfter(long ms) => EndAtOrBefore(ms) + stepMs;

        public override long EndAtOrBefore(long ms) => Floor(ms, stepMs, offsetMs);

        public override Window Ending(long endMs) => new(Floor(endMs - 1, sizeMs, offsetMs), endMs);
    }

    /// <summary>Ends at a zone's midnights; where there is none that night, at the first moment of the day.</summary>
    private sealed class DayGrid(TimeZoneInfo zone) : WindowGrid
    {
        public override long EndAfter(long ms)
        {
            var day = Today(ms);
            var start = StartOf(day);
            return start > ms ? start : StartOf(day.AddDays(1));
        }

        public override long EndAtOrBefore(long ms)
        {
            var day = Today(ms);
            var start = StartOf(day);
            return start <= ms ? start : StartOf(day.AddDays(-1));
        }

        public override Window Ending(long endMs) => new(EndAtOrBefore(endMs - 1), endMs);

        private DateTime Today(long ms) => TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(ms), zone).Date;

        private long StartOf(DateTime day)
        {
            var midnight = DateTime.SpecifyKind(day, DateTimeKind.Unspecified);
            var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
            return new DateTimeOffset(midnight, TimeSpan.Zero).ToUnixTimeMilliseconds() - (long)offset.TotalMilliseconds;
        }
    }
}
