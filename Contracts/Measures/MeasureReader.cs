namespace Streaming.Contracts.Measures;

/// <summary>
/// What the measures of a plan say of a window, from its columns and its state. Both must be of the same events: of one row, or of the same rows merged.
/// </summary>
public static class MeasureReader
{
    /// <summary>
    /// Reads one measure. Without a state (null), measures that lie in it have no value.
    /// </summary>
    /// <exception cref="MeasureStateException">The state cannot belong to the columns.</exception>
    public static MeasureValue Read(MeasurePlan plan, MeasureSpec measure, BasicMeasures basic, MeasureState? state)
    {
        if (measure.Kind == MeasureKind.Count && measure.Field <= 0)
        {
            return MeasureValue.OfExact(basic.Count, 0);
        }

        int scale = plan.Fields[measure.Field].Scale;
        return measure.Kind switch
        {
            MeasureKind.First => OfEdge(state?.Part<EdgeValue>(PartKind.First, measure.Field), scale),
            MeasureKind.Last => OfEdge(state?.Part<EdgeValue>(PartKind.Last, measure.Field), scale),
            MeasureKind.Distinct => OfDistinct(state?.Part<DistinctIdentities>(PartKind.Distinct, measure.Field)),
            _ => TotalsOf(measure.Field, basic, state) is { } totals ? OfNumbers(measure, totals, state, scale) : MeasureValue.None,
        };
    }

    /// <summary>Reads every measure of the plan, in its order.</summary>
    /// <exception cref="MeasureStateException">The state cannot belong to the columns.</exception>
    public static MeasureValue[] ReadAll(MeasurePlan plan, BasicMeasures basic, MeasureState? state) =>
        [.. plan.Measures.Select(measure => Read(plan, measure, basic, state))];

    /// <summary>When the event happened that a first or last value is of; null for any other measure, and where nothing was measured.</summary>
    public static DateTimeOffset? TimeOf(MeasureSpec measure, MeasureState? state) => measure.Kind switch
    {
        MeasureKind.First => Instant(state?.Part<EdgeValue>(PartKind.First, measure.Field)),
        MeasureKind.Last => Instant(state?.Part<EdgeValue>(PartKind.Last, measure.Field)),
        _ => null,
    };

    private static DateTimeOffset? Instant(EdgeValue? edge) => edge?.EventTimeMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    private static BasicMeasures? TotalsOf(int field, BasicMeasures basic, MeasureState? state) =>
        field == 0 ? basic : state?.Part<FieldTotals>(PartKind.Totals, field)?.Totals;

    private static MeasureValue OfNumbers(MeasureSpec measure, BasicMeasures totals, MeasureState? state, int scale)
    {
        if (measure.Kind == MeasureKind.Count)
        {
            return MeasureValue.OfExact(totals.Count, 0);
        }

        if (totals.Count == 0)
        {
            return MeasureValue.None;
        }

        return measure.Kind switch
        {
            MeasureKind.Sum => MeasureValue.OfExact(totals.Sum, scale),
            MeasureKind.Min => MeasureValue.OfExact(totals.Min, scale),
            MeasureKind.Max => MeasureValue.OfExact(totals.Max, scale),
            MeasureKind.Mean => MeasureValue.OfDouble((double)totals.Sum / (totals.Count * FixedPoint.PowerOf10(scale))),
            MeasureKind.Variance => OfVariance(state?.Part<SquareSum>(PartKind.Squares, measure.Field), totals, scale),
            MeasureKind.Quantile => OfQuantile(state?.Part<SizeCounts>(PartKind.Quantiles, measure.Field), measure.Quantile, totals, scale),
            _ => throw new ArgumentOutOfRangeException(nameof(measure), measure.Kind, "not a measure of numbers"),
        };
    }

    private static MeasureValue OfEdge(EdgeValue? edge, int scale) =>
        edge?.Value is { } value ? MeasureValue.OfExact(value, scale) : MeasureValue.None;

    private static MeasureValue OfDistinct(DistinctIdentities? distinct) => distinct switch
    {
        null => MeasureValue.None,
        { IsExact: true } => MeasureValue.OfExact((Int128)distinct.Estimate, 0),
        _ => MeasureValue.OfDouble(Math.Round(distinct.Estimate)),
    };

    private static MeasureValue OfVariance(SquareSum? squares, BasicMeasures totals, int scale) => squares is null
        ? MeasureValue.None
        : MeasureValue.OfDouble(squares.VarianceOf(totals.Count, totals.Sum, scale));

    // Between minimum and maximum, which are exact: that can only bring it nearer to the true quantile.
    private static MeasureValue OfQuantile(SizeCounts? sizes, double quantile, BasicMeasures totals, int scale) =>
        sizes?.Quantile(quantile) is { } value
            ? MeasureValue.OfDouble(Math.Clamp(value, totals.Min, totals.Max) / FixedPoint.PowerOf10(scale))
            : MeasureValue.None;
}
