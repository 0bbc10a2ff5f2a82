namespace Streaming.Aggregator.Windowing;

/// <summary>
/// What is measured of the values in one window: count, sum, minimum, maximum. The mean is sum / count and is left to readers.
/// Measures of parts merge into the measures of the whole. Invariant of a row: <see cref="Count"/> is at least 1.
/// </summary>
/// <param name="Count">Number of values.</param>
/// <param name="Sum">Their exact sum: 2^63 values of any size fit. It fits <c>decimal</c> up to 7.9e28, which is 8.5e9 of the largest values.</param>
/// <param name="Min">The smallest.</param>
/// <param name="Max">The largest.</param>
public readonly record struct Measures(long Count, Int128 Sum, long Min, long Max)
{
    /// <summary>The measures of one value.</summary>
    public static Measures Of(long value) => new(1, value, value, value);

    /// <summary>The measures of these values and one more.</summary>
    public Measures With(long value) => new(Count + 1, Sum + value, Math.Min(Min, value), Math.Max(Max, value));

    /// <summary>The measures of both sets of values together.</summary>
    public Measures Merge(Measures other) =>
        new(Count + other.Count, Sum + other.Sum, Math.Min(Min, other.Min), Math.Max(Max, other.Max));
}
