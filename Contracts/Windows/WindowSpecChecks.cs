using System.Globalization;
using System.Numerics;

namespace Streaming.Contracts.Windows;

/// <summary>What is wrong with a <see cref="WindowSpec"/>, and its exact text.</summary>
public static class WindowSpecChecks
{
    /// <summary>A sentence that names the window and the value; null when nothing is wrong.</summary>
    public static string? Problem(this WindowSpec spec) => string.IsNullOrWhiteSpace(spec.Name) || spec.Name.Length > 64
        ? $"The window name '{spec.Name}' is none: 1 to 64 characters."
        : spec switch
        {
            TumblingWindows w => Length(w, "size", w.Size) ?? Shift(w, w.Offset, w.Size),
            HoppingWindows w => Length(w, "size", w.Size) ?? Length(w, "hop", w.Hop) ?? Shift(w, w.Offset, w.Hop)
                ?? (w.Hop < w.Size ? null : Wrong(w, $"the hop {w.Hop:c} is not shorter than the size {w.Size:c}"))
                ?? Panes(w, w.Size, new TimeSpan((long)BigInteger.GreatestCommonDivisor(w.Size.Ticks, w.Hop.Ticks))),
            CumulativeWindows w => Length(w, "size", w.Size) ?? Length(w, "step", w.Step) ?? Shift(w, w.Offset, w.Size)
                ?? (w.Step < w.Size && w.Size.Ticks % w.Step.Ticks == 0 ? null : Wrong(w, $"the size {w.Size:c} is not a multiple of the step {w.Step:c}, or not longer"))
                ?? Panes(w, w.Size, w.Step),
            SessionWindows w => Length(w, "gap", w.Gap),
            CalendarDays w => TimeZoneInfo.TryFindSystemTimeZoneById(w.TimeZone, out _) ? null : Wrong(w, $"there is no time zone '{w.TimeZone}'"),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), spec, "an unknown kind of window"),
        };

    /// <summary>Everything that decides results, as text without line breaks.</summary>
    public static string Fingerprint(this WindowSpec spec) => string.Create(CultureInfo.InvariantCulture, $"{spec.Name}: ") + spec switch
    {
        TumblingWindows w => $"tumbling size_ms={Ms(w.Size)} offset_ms={Ms(w.Offset)}",
        HoppingWindows w => $"hopping size_ms={Ms(w.Size)} hop_ms={Ms(w.Hop)} offset_ms={Ms(w.Offset)}",
        CumulativeWindows w => $"cumulative size_ms={Ms(w.Size)} step_ms={Ms(w.Step)} offset_ms={Ms(w.Offset)}",
        SessionWindows w => $"session gap_ms={Ms(w.Gap)}",
        CalendarDays w => $"days zone={w.TimeZone}",
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec, "an unknown kind of window"),
    };

    private static string? Length(WindowSpec spec, string what, TimeSpan value) =>
        value >= TimeSpan.FromMilliseconds(1) && value <= WindowSpecs.Longest && value.Ticks % TimeSpan.TicksPerMillisecond == 0
            ? null
            : Wrong(spec, $"the {what} is {value:c}; it must be whole milliseconds, at least one, at most {WindowSpecs.Longest:c}");

    private static string? Shift(WindowSpec spec, TimeSpan offset, TimeSpan period) =>
        offset >= TimeSpan.Zero && offset < period && offset.Ticks % TimeSpan.TicksPerMillisecond == 0
            ? null
            : Wrong(spec, $"the offset is {offset:c}; it must be whole milliseconds, at least zero, less than {period:c}");

    private static string? Panes(WindowSpec spec, TimeSpan size, TimeSpan pane) => size.Ticks / pane.Ticks <= WindowSpecs.MostPanes
        ? null
        : Wrong(spec, $"the size {size:c} has more than {WindowSpecs.MostPanes} panes of {pane:c}, what size and hop or step divide by");

    private static string Wrong(WindowSpec spec, string what) => $"Window '{spec.Name}': {what}.";

    private static string Ms(TimeSpan duration) => (duration.Ticks / TimeSpan.TicksPerMillisecond).ToString(CultureInfo.InvariantCulture);
}
