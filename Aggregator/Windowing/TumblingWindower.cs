using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>
/// Which window an event belongs to: windows of one size that touch and do not overlap, aligned to the Unix epoch plus an offset.
/// </summary>
internal readonly struct TumblingWindower(TumblingWindows windows)
{
    private readonly long _sizeMs = WindowPlan.Ms(windows.Size);
    private readonly long _offsetMs = WindowPlan.Ms(windows.Offset);

    /// <summary>The one window that contains the event time. Times before the epoch round down, not towards zero.</summary>
    public Window WindowOf(long eventTimeMs)
    {
        long intoWindow = (eventTimeMs - _offsetMs) % _sizeMs;
        if (intoWindow < 0)
        {
            intoWindow += _sizeMs;
        }

        long start = eventTimeMs - intoWindow;
        return new Window(start, start + _sizeMs);
    }
}
