using System.Globalization;

namespace Streaming.Contracts.Windows;

/// <summary>Makes <see cref="WindowSpec"/>s with the names that follow from what they are, and tells what is wrong with one.</summary>
public static class WindowSpecs
{
    /// <summary>Upper limit of each duration; it keeps all arithmetic on event times inside the range of <see cref="DateTimeOffset"/>.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>Upper limit of the panes of which one window consists: an event is in at most as many windows, and each of them becomes rows.</summary>
    public const long MostPanes = 10_000;

    /// <summary>Windows of one size, named after it: <c>1m</c>.</summary>
    public static TumblingWindows Tumbling(TimeSpan size, TimeSpan offset = default, string? name = null) => new(name ?? Word(size) + Shift(offset), size, offset);

    /// <summary>Windows of one size that start with every hop, named after both: <c>5m/1m</c>.</summary>
    public static HoppingWindows Hopping(TimeSpan size, TimeSpan hop, TimeSpan offset = default, string? name = null) =>
        new(name ?? $"{Word(size)}/{Word(hop)}{Shift(offset)}", size, hop, offset);

    /// <summary>Windows that grow by steps, named after both: <c>1d..1h</c>.</summary>
    public static CumulativeWindows Cumulative(TimeSpan size, TimeSpan step, TimeSpan offset = default, string? name = null) =>
        new(name ?? $"{Word(size)}..{Word(step)}{Shift(offset)}", size, step, offset);

    /// <summary>Sessions, named after their gap: <c>session-30s</c>.</summary>
    public static SessionWindows Session(TimeSpan gap, string? name = null) => new(name ?? $"session-{Word(gap)}", gap);

    /// <summary>Days of a time zone, named after it: <c>day-Europe/Zurich</c>.</summary>
    public static CalendarDays Days(string timeZone, string? name = null) => new(name ?? $"day-{timeZone}", timeZone);

    /// <summary>A duration as the shortest exact word: <c>90s</c>, <c>5m</c>, <c>1d</c>, <c>250ms</c>.</summary>
    public static string Word(TimeSpan duration) => (duration.Ticks % TimeSpan.TicksPerDay, duration.Ticks % TimeSpan.TicksPerHour,
            duration.Ticks % TimeSpan.TicksPerMinute, duration.Ticks % TimeSpan.TicksPerSecond) switch
    {
        (0, _, _, _) => Number(duration.Ticks / TimeSpan.TicksPerDay, "d"),
        (_, 0, _, _) => Number(duration.Ticks / TimeSpan.TicksPerHour, "h"),
        (_, _, 0, _) => Number(duration.Ticks / TimeSpan.TicksPerMinute, "m"),
        (_, _, _, 0) => Number(duration.Ticks / TimeSpan.TicksPerSecond, "s"),
        _ => Number(duration.Ticks / TimeSpan.TicksPerMillisecond, "ms"),
    };

    private static string Shift(TimeSpan offset) => offset == TimeSpan.Zero ? "" : $"+{Word(offset)}";

    private static string Number(long count, string unit) => count.ToString(CultureInfo.InvariantCulture) + unit;
}
