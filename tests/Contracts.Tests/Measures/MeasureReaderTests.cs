using System.Numerics;
using Streaming.Contracts.Measures;

namespace Streaming.Contracts.Tests.Measures;

public class MeasureReaderTests
{
    private static readonly MeasurePlan Plan = Cases.Full;

    [Fact]
    public void Money_is_read_as_it_was_written()
    {
        Measured measured = Measured.Of(Plan, Values(1010, 0), Values(1020, 0), Values(-30, 0));
        Assert.Equal("3", measured.Read("count").ToString());
        Assert.Equal("20.00", measured.Read("amount_sum").ToString());
        Assert.Equal("-0.30", measured.Read("amount_min").ToString());
        Assert.Equal("10.20", measured.Read("amount_max").ToString());
        Assert.Equal("6.666666666666667", measured.Read("amount_mean").ToString());
    }

    [Fact]
    public void Nothing_measured_is_no_value_and_counts_are_zero()
    {
        Measured nothing = Measured.Of(Plan);
        Assert.All(Plan.Measures, measure => Assert.Equal(
            measure.Kind is MeasureKind.Count or MeasureKind.Distinct ? 0 : null, nothing.Read(measure.Name).Exact));
        Assert.Equal("", nothing.Read("amount_p95").ToString());
    }

    [Fact]
    public void A_field_that_no_event_had_has_no_value_beside_one_that_every_event_had()
    {
        Measured measured = Measured.Of(Plan, new Event([5, 0, 0], 0b110, 0, 0));
        Assert.Equal(0.05m, measured.Read("amount_first").Exact);
        Assert.Equal(0, measured.Read("weight_count").Exact);
        Assert.All(["sum", "min", "mean", "variance", "first", "p50"], suffix => Assert.False(measured.Read($"weight_{suffix}").HasValue));
        Assert.Equal(0, measured.Read("customers").Exact);
    }

    [Fact]
    public void Without_a_state_what_lies_in_it_has_no_value()
    {
        BasicMeasures basic = Measured.Of(Plan, Values(100, 7)).Basic;
        MeasureValue[] values = MeasureReader.ReadAll(Plan, basic, state: null);
        string[] read = [.. Plan.Measures.Zip(values).Where(pair => pair.Second.HasValue).Select(pair => pair.First.Name)];
        Assert.Equal(["count", "amount_count", "amount_sum", "amount_min", "amount_max", "amount_mean"], read);
    }

    [Fact]
    public void A_sum_beyond_decimal_is_left_with_its_double()
    {
        Int128 most = ((Int128)1 << 96) - 1;
        MeasureSpec sum = Plan.Find("amount_sum")!;
        Assert.Equal("792281625142643375935439503.35", Read(most).ToString());
        Assert.Equal("-792281625142643375935439503.35", Read(-most).ToString());
        Assert.Null(Read(most + 1).Exact);
        Assert.Equal(7.922816251426434e26, Read(most + 1).Number);
        Assert.Equal(-7.922816251426434e26, Read(-most - 1).Number);
        MeasureValue Read(Int128 total) => MeasureReader.Read(Plan, sum, new BasicMeasures(long.MaxValue, total, long.MinValue, long.MaxValue), null);
    }

    [Fact]
    public void A_state_of_other_events_than_the_columns_is_noticed_where_it_cannot_be()
    {
        MeasureState state = Measured.Of(Plan, Values(1, 1)).State;
        BasicMeasures basic = Measured.Of(Plan, Values(100, 1)).Basic;
        Assert.Throws<MeasureStateException>(() => MeasureReader.Read(Plan, Plan.Find("amount_variance")!, basic, state));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000_000_000_000_000)]
    [InlineData(-9_000_000_000_000_000_000)]
    [InlineData(long.MaxValue - 16)]
    [InlineData(long.MinValue)]
    public void Variance_is_the_same_however_far_from_zero_the_values_lie(long offset)
    {
        // The textbook's example for cancellation: 4, 7, 13, 16 have the population variance 22.5.
        Measured measured = Measured.Of(
            Plan, Values(offset + 4, 0), Values(offset + 7, 0), Values(offset + 13, 0), Values(offset + 16, 0));
        Assert.Equal(22.5e-4, measured.Read("amount_variance").Number);
    }

    [Fact]
    public void Variance_of_the_widest_values_does_not_overflow()
    {
        Measured measured = Measured.Of(Plan, Enumerable.Range(0, 1_000).Select(i => Values(i % 2 == 0 ? long.MinValue : long.MaxValue, 0)));
        var half = (double)BigInteger.Pow(((BigInteger)1 << 64) - 1, 2) / 4;
        Assert.Equal(half / 1e4, measured.Read("amount_variance").Number, half * 1e-19);
    }

    [Fact]
    public void One_value_varies_by_nothing() => Assert.Equal(0, Measured.Of(Plan, Values(42, 0)).Read("amount_variance").Number);

    [Fact]
    public void Columns_measure_nothing_where_the_first_field_is_no_number()
    {
        var plan = new MeasurePlan(
            [new("customer", FieldKind.Identity, 0, null), new("amount", FieldKind.Number, 2, null)],
            [new("count", MeasureKind.Count, -1), new("amount_sum", MeasureKind.Sum, 1)]);
        Measured measured = Measured.Of(plan, Event.Series(1, 2).Select(e => e with { Values = [e.Values[0], 500] }));
        Assert.Equal(new BasicMeasures(2, 0, 0, 0), measured.Basic);
        Assert.Equal(10.00m, measured.Read("amount_sum").Exact);
    }

    private static Event Values(long amount, long weight) => new([amount, weight, 7], 0, 0, 0);
}
