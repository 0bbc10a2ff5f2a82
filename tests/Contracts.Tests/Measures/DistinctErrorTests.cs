using System.Text.Unicode;
using Streaming.Contracts.Measures;

namespace Streaming.Contracts.Tests.Measures;

/// <summary>The distinct count's error over the range of cardinalities, with fixed seeds.</summary>
public class DistinctErrorTests
{
    private const double StandardError = 1.04 / 64;

    private static readonly MeasurePlan Plan = new(
        [new("customer", FieldKind.Identity, 0, null)], [new("customers", MeasureKind.Distinct, 0)]);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    [InlineData(256)]
    public void Few_identities_are_counted_exactly(int cardinality)
    {
        Measured measured = Measured.Of(Plan, Identities(cardinality, seed: 1).Concat(Identities(cardinality, seed: 1)));
        Assert.Equal(cardinality, measured.Read("customers").Exact);
    }

    [Theory]
    [InlineData(257)]
    [InlineData(1_000)]
    [InlineData(4_096)]
    [InlineData(10_240)]
    [InlineData(20_480)]
    [InlineData(50_000)]
    [InlineData(300_000)]
    public void Many_are_counted_within_four_standard_errors_and_without_bias(int cardinality)
    {
        const int Runs = 12;
        double[] errors = [.. Enumerable.Range(0, Runs).Select(seed => ErrorOf(cardinality, seed))];
        Assert.All(errors, error => Assert.InRange(error, -4 * StandardError, 4 * StandardError));
        Assert.InRange(errors.Average(), -4 * StandardError / Math.Sqrt(Runs), 4 * StandardError / Math.Sqrt(Runs));
    }

    [Fact]
    public void Plain_numbers_in_place_of_hashes_do_no_harm()
    {
        Measured measured = Measured.Of(Plan, Event.Series(Enumerable.Range(0, 100_000).Select(i => (long)i)));
        Assert.InRange(measured.Read("customers").Number, 100_000 * (1 - (4 * StandardError)), 100_000 * (1 + (4 * StandardError)));
    }

    [Fact]
    public void A_beyond_exact_count_is_a_whole_number_that_does_not_claim_to_be_exact()
    {
        MeasureValue value = Measured.Of(Plan, Identities(1_000, seed: 1)).Read("customers");
        Assert.Null(value.Exact);
        Assert.Equal(Math.Round(value.Number), value.Number);
    }

    [Fact]
    public void State_stays_small_however_many_there_are()
    {
        MeasureState state = Measured.Of(Plan, Identities(100_000, seed: 1)).State;
        Assert.InRange(state.Encode().Length, 3_000, 3_100);
        Assert.InRange(state.ApproximateBytes, 4_096, 4_500);
    }

    private static double ErrorOf(int cardinality, int seed)
    {
        var state = new MeasureState(Plan);
        Span<long> identity = stackalloc long[1];
        for (int i = 0; i < cardinality; i++)
        {
            identity[0] = IdentityOf(i, seed);
            state.Add(new EventValues(identity, 0, i, i));
        }

        return (MeasureReader.Read(Plan, Plan.Measures[0], default, state).Number - cardinality) / cardinality;
    }

    private static Event[] Identities(int cardinality, int seed) => Event.Series(Enumerable.Range(0, cardinality).Select(i => IdentityOf(i, seed)));

    private static long IdentityOf(int number, int seed)
    {
        Span<byte> name = stackalloc byte[48];
        Utf8.TryWrite(name, $"{seed}/customer-{number}", out int length);
        return StableHash.IdentityOf(name[..length]);
    }
}
