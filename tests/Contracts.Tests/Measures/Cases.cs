using FsCheck;
using FsCheck.Fluent;
using Streaming.Contracts.Measures;

namespace Streaming.Contracts.Tests.Measures;

/// <summary>Plans and events for the properties.</summary>
internal static class Cases
{
    /// <summary>Every kind of measure, over the column field, a further number and an identity.</summary>
    public static readonly MeasurePlan Full = new(
        [
            new("amount", FieldKind.Number, 2, "CHF"),
            new("weight", FieldKind.Number, 3, "kg"),
            new("customer", FieldKind.Identity, 0, null),
        ],
        [
            new("count", MeasureKind.Count, -1),
            .. NumberMeasures("amount", 0),
            .. NumberMeasures("weight", 1),
            new("customers", MeasureKind.Distinct, 2),
        ]);

    public static readonly Gen<long> Values = Gen.Frequency(
        (6, Gen.Choose(-1_000, 1_000).Select(value => (long)value)),
        (3, from size in Gen.Choose(0, 62) from bits in Gen.Choose(0, int.MaxValue) from sign in Gen.Elements(-1, 1) select sign * Spread(bits, size)),
        (1, Gen.Elements(long.MinValue, long.MinValue + 1, -129, -128, -127, 0, 127, 128, 129, long.MaxValue - 1, long.MaxValue)));

    // Few identities, so that they repeat, or any number of them, so that registers come into play.
    private static readonly Gen<long> Identities = Gen.OneOf(
        Gen.Choose(0, 20).Select(n => (long)n),
        Gen.Choose(int.MinValue, int.MaxValue).Select(n => n * 0x9E3779B97F4A7C1L));

    private static readonly Gen<Event> Events =
        from amount in Values
        from weight in Values
        from customer in Identities
        from missing in Gen.Frequency((4, Gen.Constant(0u)), (1, Gen.Elements(2u, 4u, 6u)))
        from time in Gen.Choose(-3, 3)
        from offset in Gen.Choose(0, 3)
        select new Event([amount, weight, customer], missing, time, offset);

    /// <summary>Some events, now and then more than 256.</summary>
    public static readonly Arbitrary<Event[]> Histories = Arb.From(
        Gen.Frequency((9, Events.ArrayOf()), (1, Events.ArrayOf(600))), Shorter);

    /// <summary>Three sets of events.</summary>
    public static readonly Arbitrary<(Event[] A, Event[] B, Event[] C)> Triples = Arb.From(
        from a in Histories.Generator from b in Histories.Generator from c in Histories.Generator select (a, b, c));

    private static MeasureSpec[] NumberMeasures(string name, int field) =>
    [
        new($"{name}_count", MeasureKind.Count, field),
        new($"{name}_sum", MeasureKind.Sum, field),
        new($"{name}_min", MeasureKind.Min, field),
        new($"{name}_max", MeasureKind.Max, field),
        new($"{name}_mean", MeasureKind.Mean, field),
        new($"{name}_variance", MeasureKind.Variance, field),
        new($"{name}_first", MeasureKind.First, field),
        new($"{name}_last", MeasureKind.Last, field),
        new($"{name}_p50", MeasureKind.Quantile, field, 0.5),
        new($"{name}_p95", MeasureKind.Quantile, field, 0.95),
        new($"{name}_p99", MeasureKind.Quantile, field, 0.99),
    ];

    private static long Spread(int bits, int size) => (long)((ulong)(uint)bits * 0x100000001UL >> (63 - size));

    // Halves first, then single events.
    private static IEnumerable<Event[]> Shorter(Event[] events)
    {
        for (int cut = events.Length / 2; cut > 0; cut /= 2)
        {
            for (int at = 0; at + cut <= events.Length; at += cut)
            {
                yield return [.. events[..at], .. events[(at + cut)..]];
            }
        }
    }
}
