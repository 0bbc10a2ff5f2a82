using Streaming.Contracts.Measures;

namespace Streaming.Aggregator.Alerts;

/// <summary>The value of a measure in one window. Where it is exact it is compared exactly.</summary>
/// <param name="Exact">The exact value, if there is one.</param>
/// <param name="Number">The value to a double's precision; finite, never minus zero.</param>
internal readonly record struct Reading(decimal? Exact, double Number)
{
    /// <summary>What a count or a sum of nothing is.</summary>
    public static readonly Reading Zero = new(0m, 0);

    /// <summary>Null when nothing was measured.</summary>
    public static Reading? Of(MeasureValue value) => value.HasValue ? new Reading(value.Exact, value.Number + 0.0) : null;

    public int CompareTo(decimal limit) => Exact is { } exact ? exact.CompareTo(limit) : Number.CompareTo((double)limit);
}
