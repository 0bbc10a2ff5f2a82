namespace Streaming.Contracts.Windows;

/// <summary>Windows of one size that touch: each is a slice.</summary>
internal sealed class TumblingGrid(long sizeMs, long offsetMs) : WindowGrid
{
    public override bool HasPanes => false;

    public override Window SliceOf(long timeMs)
    {
        long start = Floor(timeMs - offsetMs, sizeMs) + offsetMs;
        return new Window(start, start + sizeMs);
    }

    public override Window FirstOver(Window slice) => slice;

    public override Window LastOver(Window slice) => slice;

    public override Window After(Window window) => new(window.EndMs, window.EndMs + sizeMs);

    public override Window? FirstOverEndingAfter(Window slice, long momentMs) => slice.EndMs > momentMs ? slice : null;
}
