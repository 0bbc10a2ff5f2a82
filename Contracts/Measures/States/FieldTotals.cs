namespace Streaming.Contracts.Measures;

/// <summary>Count, sum, minimum and maximum of a field whose totals do not lie in columns.</summary>
internal sealed class FieldTotals : StatePart
{
    public BasicMeasures Totals { get; private set; }

    public override int ApproximateBytes => 72;

    public override void Add(long value, in EventValues e) => Totals = Totals.With(value);

    public override void Merge(StatePart other) => Totals = Totals.Merge(((FieldTotals)other).Totals);

    public override StatePart Clone() => new FieldTotals { Totals = Totals };

    public override void Write(StateWriter writer)
    {
        writer.Unsigned((ulong)Totals.Count);
        if (Totals.Count > 0)
        {
            writer.Signed(Totals.Sum);
            writer.Signed(Totals.Min);
            writer.Signed(Totals.Max);
        }
    }

    public override void Read(ref StateReader reader)
    {
        long count = reader.Count();
        if (count == 0)
        {
            return;
        }

        Int128 sum = reader.Signed128();
        long min = reader.Signed();
        long max = reader.Signed();
        // count < 2^54 and a value within 2^63: the products fit.
        StateReader.Demand(min <= max && (Int128)min * count <= sum && sum <= (Int128)max * count, "its totals contradict each other");
        Totals = new BasicMeasures(count, sum, min, max);
    }
}
