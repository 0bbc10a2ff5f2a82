namespace Streaming.Contracts.Windows;

/// <summary>
/// Where the windows of a kind lie on the axis of event time, for all kinds but sessions, whose windows follow from the events. Results are kept in
/// slices that touch: a slice is a window itself, or a pane of which several windows consist. Windows are ordered by their end. Safe for several threads.
/// </summary>
public abstract class WindowGrid
{
    /// <summary>Whether slices are panes; else each slice is the only window over itself.</summary>
    public abstract bool HasPanes { get; }

    /// <summary>The grid of a kind of windows.</summary>
    /// <exception cref="ArgumentException">Sessions have none, or the values have no meaning.</exception>
    public static WindowGrid Of(WindowSpec spec) => spec.Problem() is { } problem
        ? throw new ArgumentException(problem, nameof(spec))
        : spec switch
        {
            TumblingWindows w => new TumblingGrid(Ms(w.Size), Ms(w.Offset)),
            HoppingWindows w => new HoppingGrid(Ms(w.Size), Ms(w.Hop), Ms(w.Offset)),
            CumulativeWindows w => new CumulativeGrid(Ms(w.Size), Ms(w.Step), Ms(w.Offset)),
            CalendarDays w => new DayGrid(TimeZoneInfo.FindSystemTimeZoneById(w.TimeZone)),
            _ => throw new ArgumentException($"Window '{spec.Name}' follows from events, not from a grid.", nameof(spec)),
        };

    /// <summary>The one slice that contains the event time, milliseconds since the Unix epoch. Times before the epoch round down, not towards zero.</summary>
    public abstract Window SliceOf(long timeMs);

    /// <summary>Of the windows that contain the slice, the one that ends first.</summary>
    public abstract Window FirstOver(Window slice);

    /// <summary>Of the windows that contain the slice, the one that ends last.</summary>
    public abstract Window LastOver(Window slice);

    /// <summary>The window that ends next after this one.</summary>
    public abstract Window After(Window window);

    /// <summary>The first window over the slice that ends after a moment; null when all end before it or at it.</summary>
    public abstract Window? FirstOverEndingAfter(Window slice, long momentMs);

    /// <summary>All windows that contain the slice, by end.</summary>
    public IEnumerable<Window> WindowsOver(Window slice)
    {
        Window last = LastOver(slice);
        Window window = FirstOver(slice);
        for (; window != last; window = After(window))
        {
            yield return window;
        }

        yield return window;
    }

    /// <summary>All windows that have a moment in common with the range, by end.</summary>
    public IEnumerable<Window> WindowsOverlapping(Window range)
    {
        // In the order of ends the starts ascend as well, so those that overlap follow one another.
        Window window = FirstOver(SliceOf(range.StartMs));
        for (; window.StartMs < range.EndMs; window = After(window))
        {
            yield return window;
        }
    }

    /// <summary>Whether the interval is one of the windows.</summary>
    public bool IsWindow(Window window) => WindowsOver(SliceOf(window.EndMs - 1)).Contains(window);

    private protected static long Floor(long value, long period)
    {
        long rest = value % period;
        return value - (rest < 0 ? rest + period : rest);
    }

    private protected static long Ceiling(long value, long period) => -Floor(-value, period);

    private static long Ms(TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerMillisecond;
}
