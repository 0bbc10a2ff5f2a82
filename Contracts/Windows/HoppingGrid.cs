using System.Numerics;

namespace Streaming.Contracts.Windows;

/// <summary>Overlapping windows of one size. A pane is as long as the greatest common divisor of size and hop: no window begins or ends inside of one.</summary>
internal sealed class HoppingGrid(long sizeMs, long hopMs, long offsetMs) : WindowGrid
{
    private readonly long _paneMs = (long)BigInteger.GreatestCommonDivisor(sizeMs, hopMs);

    public override bool HasPanes => true;

    public override Window SliceOf(long timeMs)
    {
        long start = Floor(timeMs - offsetMs, _paneMs) + offsetMs;
        return new Window(start, start + _paneMs);
    }

    public override Window FirstOver(Window slice) => At(Ceiling(slice.EndMs - sizeMs - offsetMs, hopMs) + offsetMs);

    public override Window LastOver(Window slice) => At(Floor(slice.StartMs - offsetMs, hopMs) + offsetMs);

    public override Window After(Window window) => At(window.StartMs + hopMs);

    public override Window? FirstOverEndingAfter(Window slice, long momentMs)
    {
        if (momentMs < slice.EndMs)
        {
            return FirstOver(slice);
        }

        if (momentMs >= LastOver(slice).EndMs)
        {
            return null;
        }

        // The first start whose window ends after the moment is the first one beyond moment − size.
        long startAfter = Floor(momentMs - sizeMs - offsetMs, hopMs) + offsetMs + hopMs;
        return At(Math.Max(FirstOver(slice).StartMs, startAfter));
    }

    private Window At(long startMs) => new(startMs, startMs + sizeMs);
}
