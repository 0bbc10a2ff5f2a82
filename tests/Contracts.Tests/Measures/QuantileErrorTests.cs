using Streaming.Contracts.Measures;

namespace Streaming.Contracts.Tests.Measures;

/// <summary>The documented bound, 1/129 of the value's magnitude, over kinds of data that sketches are known to stumble over.</summary>
public class QuantileErrorTests
{
    private const double Bound = 1.0 / 129;
    private const int Count = 20_000;

    private static readonly decimal[] Quantiles = [0.001m, 0.01m, 0.1m, 0.25m, 0.5m, 0.75m, 0.9m, 0.95m, 0.99m, 0.999m, 0.9999m];

    private static readonly MeasurePlan Plan = new(
        [new("value", FieldKind.Number, 0, null)],
        [.. Quantiles.Select((q, i) => new MeasureSpec($"q{i}", MeasureKind.Quantile, 0, (double)q))]);

    private static readonly Dictionary<string, Func<Random, long>> Shapes = new()
    {
        ["one value"] = _ => 4_711,
        ["small integers"] = random => random.Next(-100, 100),
        ["uniform"] = random => random.NextInt64(1, 1_000_000),
        ["uniform over all of long"] = random => random.NextInt64(long.MinValue, long.MaxValue),
        ["exponential"] = random => (long)(-Math.Log(1 - random.NextDouble()) * 10_000),
        ["log-normal over many decades"] = random => (long)Math.Exp((Gauss(random) * 5) + 10),
        ["Pareto, heavy tail"] = random => (long)Math.Min(1e18, 100 / Math.Pow(1 - random.NextDouble(), 2)),
        ["normal about zero"] = random => (long)(Gauss(random) * 5_000),
        ["far from zero, narrow"] = random => 1_000_000_000_000 + random.Next(1_000),
        ["two humps"] = random => random.Next(2) == 0 ? -random.Next(50_000, 60_000) : random.Next(1_000_000, 1_100_000),
        ["ends of long"] = random => random.Next(4) switch { 0 => long.MinValue, 1 => long.MaxValue, 2 => 0, _ => long.MinValue + 1 },
        ["powers of two"] = random => 1L << random.Next(63),
    };

    public static TheoryData<string> ShapeNames => [.. Shapes.Keys];

    [Theory]
    [MemberData(nameof(ShapeNames))]
    public void Every_quantile_is_within_the_bound(string shape)
    {
        var random = new Random(20260101);
        long[] values = [.. Enumerable.Range(0, Count).Select(_ => Shapes[shape](random))];
        Measured measured = Measured.Of(Plan, Event.Series(values));
        Array.Sort(values);
        for (int i = 0; i < Quantiles.Length; i++)
        {
            double exact = values[(int)(Quantiles[i] * (Count - 1))];
            double tolerance = Math.Abs(exact) * Bound;
            Assert.InRange(measured.Read($"q{i}").Number, exact - tolerance, exact + tolerance);
        }
    }

    [Fact]
    public void Every_size_of_value_stands_within_the_bound_of_its_own_sketch()
    {
        foreach (long edge in Enumerable.Range(0, 63).Select(bit => 1L << bit))
        {
            foreach (long value in new[] { edge - 1, edge, edge + 1, edge + (edge / 3), -edge, -edge - (edge / 128), long.MaxValue - edge })
            {
                // With a far smaller and a far larger one, so that minimum and maximum do not give it away.
                double read = Measured.Of(Plan, Event.Series(long.MinValue, value, long.MaxValue)).Read("q4").Number;
                Assert.InRange(read, value - (Math.Abs((double)value) * Bound), value + (Math.Abs((double)value) * Bound));
            }
        }
    }

    [Fact]
    public void Values_below_128_are_read_exactly()
    {
        for (int value = -127; value < 128; value++)
        {
            Assert.Equal(value, Measured.Of(Plan, Event.Series(long.MinValue, value, long.MaxValue)).Read("q4").Number);
        }
    }

    [Fact]
    public void No_quantile_lies_outside_of_what_was_measured()
    {
        Measured measured = Measured.Of(Plan, Event.Series(1_000_001, 1_000_002));
        Assert.All(Quantiles.Select((_, i) => measured.Read($"q{i}").Number), value => Assert.InRange(value, 1_000_001, 1_000_002));
    }

    [Fact]
    public void A_quantile_that_binary_fractions_cannot_express_hits_its_rank()
    {
        var plan = new MeasurePlan([new("value", FieldKind.Number, 0, null)], [new("p29", MeasureKind.Quantile, 0, 0.29)]);
        Assert.Equal(29, Measured.Of(plan, Event.Series(Enumerable.Range(0, 101).Select(i => (long)i))).Read("p29").Number);
    }

    private static double Gauss(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
