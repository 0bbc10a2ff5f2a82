using System.Numerics;
using Streaming.Contracts.Measures;

namespace Streaming.Contracts.Tests.Measures;

/// <summary>Every measure against what is worked out naively from all the values.</summary>
public sealed class OracleProperties
{
    private static readonly MeasurePlan Plan = Cases.Full;

    [Fact]
    public void Counts_sums_and_extremes_are_exact() => ForNumbers((measured, name, field, events) =>
    {
        BigInteger[] values = [.. events.Select(e => (BigInteger)e.Values[field])];
        Assert.Equal(values.Length, measured.Read($"{name}_count").Exact);
        Assert.Equal(values.Length > 0 ? Scaled(values.Aggregate(BigInteger.Add), field) : null, measured.Read($"{name}_sum").Exact);
        Assert.Equal(values.Length > 0 ? Scaled(values.Min(), field) : null, measured.Read($"{name}_min").Exact);
        Assert.Equal(values.Length > 0 ? Scaled(values.Max(), field) : null, measured.Read($"{name}_max").Exact);
    });

    [Fact]
    public void First_and_last_go_by_event_time_then_offset_then_value() => ForNumbers((measured, name, field, events) =>
    {
        Event[] sorted = [.. events.OrderBy(e => e.TimeMs).ThenBy(e => e.Offset).ThenBy(e => e.Values[field])];
        Assert.Equal(sorted.Length > 0 ? Scaled(sorted[0].Values[field], field) : null, measured.Read($"{name}_first").Exact);
        Assert.Equal(sorted.Length > 0 ? Scaled(sorted[^1].Values[field], field) : null, measured.Read($"{name}_last").Exact);
    });

    [Fact]
    public void Mean_and_variance_are_those_of_exact_arithmetic() => ForNumbers((measured, name, field, events) =>
    {
        if (events.Length == 0)
        {
            Assert.False(measured.Read($"{name}_mean").HasValue);
            Assert.False(measured.Read($"{name}_variance").HasValue);
            return;
        }

        BigInteger n = events.Length, power = BigInteger.Pow(10, Plan.Fields[field].Scale);
        BigInteger sum = 0, squares = 0;
        foreach (Event e in events)
        {
            (sum, squares) = (sum + e.Values[field], squares + BigInteger.Pow(e.Values[field], 2));
        }

        AssertClose(Ratio(sum, n * power), measured.Read($"{name}_mean").Number);
        AssertClose(Ratio((n * squares) - (sum * sum), n * n * power * power), measured.Read($"{name}_variance").Number);
    });

    [Fact]
    public void Quantiles_are_within_one_percent_of_the_sorted_values() => ForNumbers((measured, name, field, events) =>
    {
        long[] sorted = [.. events.Select(e => e.Values[field]).Order()];
        foreach ((string suffix, decimal quantile) in new[] { ("p50", 0.5m), ("p95", 0.95m), ("p99", 0.99m) })
        {
            MeasureValue value = measured.Read($"{name}_{suffix}");
            Assert.Equal(sorted.Length > 0, value.HasValue);
            if (sorted.Length > 0)
            {
                double exact = (double)FixedPoint.ToDecimal(sorted[(int)(quantile * (sorted.Length - 1))], Plan.Fields[field].Scale);
                Assert.InRange(value.Number, exact - (Math.Abs(exact) * 0.01), exact + (Math.Abs(exact) * 0.01));
            }
        }
    });

    [Fact]
    public void Up_to_256_identities_are_counted_exactly_and_more_nearly() => Claim.Holds(Cases.Histories, events =>
    {
        int exact = events.Where(e => e.Has(2)).Select(e => e.Values[2]).Distinct().Count();
        MeasureValue value = Measured.Of(Plan, events).Read("customers");
        Assert.Equal(exact <= 256 ? exact : null, value.Exact);
        Assert.InRange(value.Number, exact * 0.9, exact * 1.1);
    });

    private static void ForNumbers(Action<Measured, string, int, Event[]> claim) => Claim.Holds(Cases.Histories, events =>
    {
        Measured measured = Measured.Of(Plan, events);
        claim(measured, "amount", 0, events);
        claim(measured, "weight", 1, [.. events.Where(e => e.Has(1))]);
    });

    private static decimal? Scaled(BigInteger value, int field) => (decimal)value / (decimal)BigInteger.Pow(10, Plan.Fields[field].Scale);

    // To 17 digits, by integers alone until the last step.
    private static double Ratio(BigInteger numerator, BigInteger denominator)
    {
        BigInteger digits = BigInteger.Pow(10, 60);
        return (double)(numerator * digits / denominator) / 1e60;
    }

    private static void AssertClose(double expected, double actual) =>
        Assert.InRange(actual, expected - (Math.Abs(expected) * 1e-14), expected + (Math.Abs(expected) * 1e-14));
}
