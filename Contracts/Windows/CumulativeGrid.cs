namespace Streaming.Contracts.Windows;

/// <summary>Windows that share a start and grow by steps up to the size. A pane is one step long.</summary>
internal sealed class CumulativeGrid(long sizeMs, long stepMs, long offsetMs) : WindowGrid
{
    public override bool HasPanes => true;

    public override Window SliceOf(long timeMs)
    {
        long start = Floor(timeMs - offsetMs, stepMs) + offsetMs;
        return new Window(start, start + stepMs);
    }

    public override Window FirstOver(Window slice) => new(StartOf(slice.StartMs), slice.EndMs);

    public override Window LastOver(Window slice)
    {
        long start = StartOf(slice.StartMs);
        return new Window(start, start + sizeMs);
    }

    public override Window After(Window window) =>
        window.EndMs == window.StartMs + sizeMs ? new(window.EndMs, window.EndMs + stepMs) : new(window.StartMs, window.EndMs + stepMs);

    public override Window? FirstOverEndingAfter(Window slice, long momentMs)
    {
        Window first = FirstOver(slice);
        if (momentMs < first.EndMs)
        {
            return first;
        }

        return momentMs < first.StartMs + sizeMs ? first with { EndMs = Floor(momentMs - offsetMs, stepMs) + offsetMs + stepMs } : null;
    }

    private long StartOf(long timeMs) => Floor(timeMs - offsetMs, sizeMs) + offsetMs;
}
