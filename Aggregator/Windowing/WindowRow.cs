namespace Streaming.Aggregator.Windowing;

/// <summary>The result of one key in one window, as it stands.</summary>
/// <param name="Window">The interval of event time.</param>
/// <param name="Key">What the events are grouped by.</param>
/// <param name="Measures">What was measured so far.</param>
/// <param name="IsFinal">False while the window is open; true once it is closed, and then it never changes again.</param>
public readonly record struct WindowRow(Window Window, GroupKey Key, Measures Measures, bool IsFinal)
{
    /// <summary>How many of the row's events came since the last take; 0 in a row that was loaded, or closed unchanged.</summary>
    public long NewEvents { get; init; }
}
