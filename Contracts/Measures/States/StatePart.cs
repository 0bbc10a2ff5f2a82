namespace Streaming.Contracts.Measures;

/// <summary>One thing that is measured of one field. Adding and merging are commutative and associative, and equal contents have equal bytes.</summary>
internal abstract class StatePart
{
    /// <summary>
    /// The most values that a state may claim to hold: more than any topic has, and so few that over a thousand states can be merged before a 64-bit
    /// count could overflow.
    /// </summary>
    public const long MaxCount = 1L << 53;

    /// <summary>About how much memory this takes, in bytes.</summary>
    public abstract int ApproximateBytes { get; }

    public static StatePart Create(PartSpec spec) => spec.Kind switch
    {
        PartKind.Totals => new FieldTotals(),
        PartKind.Squares => new SquareSum(),
        PartKind.First => new EdgeValue(isLast: false),
        PartKind.Last => new EdgeValue(isLast: true),
        PartKind.Distinct => new DistinctIdentities(),
        PartKind.Quantiles => new SizeCounts(),
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec, "not a part"),
    };

    public abstract void Add(long value, in EventValues e);

    /// <param name="other">A part of the same class.</param>
    public abstract void Merge(StatePart other);

    public abstract StatePart Clone();

    public abstract void Write(StateWriter writer);

    /// <summary>Fills this, which is new, from bytes.</summary>
    /// <exception cref="MeasureStateException">The bytes are none that <see cref="Write"/> writes.</exception>
    public abstract void Read(ref StateReader reader);
}
