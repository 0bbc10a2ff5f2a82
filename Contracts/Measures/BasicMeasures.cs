namespace Streaming.Contracts.Measures;

/// <summary>
/// What lies in columns of a result row: count, sum, minimum and maximum of the values of field 0 (<see cref="MeasurePlan.ColumnValueOf"/>; zeros where
/// the plan has no number there). Measures of parts merge into the measures of the whole. The default value is the measures of nothing and changes
/// nothing in a merge; a stored row has a <see cref="Count"/> of at least 1.
/// </summary>
/// <param name="Count">Number of values.</param>
/// <param name="Sum">Their exact sum: 2^63 values of any size fit. It fits <c>decimal</c> up to 7.9e28, which is 8.5e9 of the largest values.</param>
/// <param name="Min">The smallest; 0 while there is none.</param>
/// <param name="Max">The largest; 0 while there is none.</param>
public readonly record struct BasicMeasures(long Count, Int128 Sum, long Min, long Max)
{
    /// <summary>The measures of one value.</summary>
    public static BasicMeasures Of(long value) => new(1, value, value, value);

    /// <summary>The measures of these values and one more.</summary>
    public BasicMeasures With(long value) =>
        Count == 0 ? Of(value) : new(Count + 1, Sum + value, Math.Min(Min, value), Math.Max(Max, value));

    /// <summary>The measures of both sets of values together.</summary>
    public BasicMeasures Merge(BasicMeasures other)
    {
        if (Count == 0)
        {
            return other;
        }

        return other.Count == 0
            ? this
            : new(checked(Count + other.Count), Sum + other.Sum, Math.Min(Min, other.Min), Math.Max(Max, other.Max));
    }
}
