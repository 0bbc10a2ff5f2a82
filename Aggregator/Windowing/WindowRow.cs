using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>The result of one key in one window, or of one pane of windows that are still open, as it stands.</summary>
/// <param name="Of">Which of the pipeline's windows; the same object as in its plan.</param>
/// <param name="Window">The interval of event time.</param>
/// <param name="Key">What the events are grouped by.</param>
/// <param name="Measures">What was measured so far.</param>
/// <param name="IsFinal">False while the window is open; true once it is closed, and then it never changes again.</param>
public readonly record struct WindowRow(WindowSpec Of, Window Window, GroupKey Key, Measures Measures, bool IsFinal)
{
    /// <summary>True for a slice of hopping or cumulative windows; never final.</summary>
    public bool IsPane { get; init; }

    /// <summary>How many of the row's events came since the last take; 0 in a row that was loaded, or closed unchanged.</summary>
    public long NewEvents { get; init; }
}
