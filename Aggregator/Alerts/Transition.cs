using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Alerts;

/// <summary>An alert of one rule and key began to fire, or is over.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Key">The key.</param>
/// <param name="IsFiring">True: began to fire. False: is over.</param>
/// <param name="Window">What decided it, in event time; its end is the moment of the transition. For a key that is forgotten: its silence.</param>
/// <param name="Value">What was judged; null for an absence and a key that is forgotten.</param>
/// <param name="Threshold">What it was held against; null where the value is.</param>
/// <param name="IsForgotten">True when the alert is over because its key was forgotten.</param>
public sealed record Transition(AlertRule Rule, GroupKey Key, bool IsFiring, Window Window, double? Value, double? Threshold, bool IsForgotten = false)
{
    /// <summary>When, in event time: milliseconds since the Unix epoch.</summary>
    public long AtMs => Window.EndMs;
}
