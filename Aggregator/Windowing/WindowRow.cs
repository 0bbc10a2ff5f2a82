using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>
/// The result of one key in one window, or of one pane of windows that are still open, as it stands. Equal rows say the same, the state included: states
/// are equal when their encoded bytes are.
/// </summary>
/// <param name="Of">Which of the pipeline's windows; the same object as in its plan.</param>
/// <param name="Window">The interval of event time.</param>
/// <param name="Key">What the events are grouped by.</param>
/// <param name="Measures">What was measured so far, as far as it lies in columns.</param>
/// <param name="IsFinal">False while the window is open; true once it is closed, and then it never changes again.</param>
public readonly record struct WindowRow(WindowSpec Of, Window Window, GroupKey Key, BasicMeasures Measures, bool IsFinal)
{
    /// <summary>True for a slice of hopping or cumulative windows; never final.</summary>
    public bool IsPane { get; init; }

    /// <summary>How many of the row's events came since the last take; 0 in a row that was loaded, or closed unchanged.</summary>
    public long NewEvents { get; init; }

    /// <summary>What was measured besides; null exactly when the plan needs no state. Nobody adds to it any more: it may be read by any thread.</summary>
    public MeasureState? State { get; init; }

    public bool Equals(WindowRow other) =>
        Of.Equals(other.Of) && Window == other.Window && Key.Equals(other.Key) && Measures == other.Measures && IsFinal == other.IsFinal
        && IsPane == other.IsPane && NewEvents == other.NewEvents && AreEqual(State, other.State);

    public override int GetHashCode() => HashCode.Combine(Of.Name, Window, Key, Measures, IsFinal, IsPane, NewEvents);

    private static bool AreEqual(MeasureState? a, MeasureState? b) =>
        ReferenceEquals(a, b) || (a is not null && b is not null && a.Encode().AsSpan().SequenceEqual(b.Encode()));
}
