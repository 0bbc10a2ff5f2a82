namespace Streaming.Contracts.Measures;

/// <summary>The kinds of parts that a state consists of. The numbers are in stored bytes: never change one.</summary>
internal enum PartKind : byte
{
    /// <summary>Count, sum, minimum, maximum of a number field other than field 0, whose totals lie in columns.</summary>
    Totals = 1,

    /// <summary>Sum of squares.</summary>
    Squares = 2,

    /// <summary>The first event's value.</summary>
    First = 3,

    /// <summary>The last event's value.</summary>
    Last = 4,

    /// <summary>Distinct identities.</summary>
    Distinct = 5,

    /// <summary>Counts by size, for all quantiles of a field.</summary>
    Quantiles = 6,
}

/// <summary>One part of a state.</summary>
internal readonly record struct PartSpec(int Field, PartKind Kind);

/// <summary>
/// Which parts the measures of a plan need: each once, by field and kind. Plans of the same layout have the same encoded states, whatever their
/// measures are called.
/// </summary>
internal sealed class StateLayout
{
    private readonly PartSpec[] _parts;

    private StateLayout(PartSpec[] parts)
    {
        _parts = parts;
        Span<byte> text = stackalloc byte[parts.Length * 2];
        for (int i = 0; i < parts.Length; i++)
        {
            text[2 * i] = (byte)parts[i].Field;
            text[(2 * i) + 1] = (byte)parts[i].Kind;
        }

        Mark = (uint)StableHash.Of(text);
    }

    public ReadOnlySpan<PartSpec> Parts => _parts;

    public bool IsEmpty => _parts.Length == 0;

    /// <summary>Stands in every encoded state, so that one of another layout is refused instead of misread.</summary>
    public uint Mark { get; }

    public static StateLayout Of(IReadOnlyList<FieldSpec> fields, IReadOnlyList<MeasureSpec> measures)
    {
        IEnumerable<PartSpec> parts =
            from measure in measures
            where measure.Field >= 0
            from kind in PartsOf(measure.Kind, isColumnField: measure.Field == 0)
            select new PartSpec(measure.Field, kind);
        return new StateLayout([.. parts.Distinct().OrderBy(part => part.Field).ThenBy(part => part.Kind)]);
    }

    /// <summary>The index of a part, -1 when there is none.</summary>
    public int IndexOf(PartKind kind, int field) => Array.IndexOf(_parts, new PartSpec(field, kind));

    private static IEnumerable<PartKind> PartsOf(MeasureKind kind, bool isColumnField)
    {
        PartKind? own = kind switch
        {
            MeasureKind.Variance => PartKind.Squares,
            MeasureKind.First => PartKind.First,
            MeasureKind.Last => PartKind.Last,
            MeasureKind.Distinct => PartKind.Distinct,
            MeasureKind.Quantile => PartKind.Quantiles,
            _ => null,
        };
        if (own is { } part)
        {
            yield return part;
        }

        // The variance is worked out from count and sum too, and a quantile is kept between minimum and maximum.
        if (!isColumnField && kind is not (MeasureKind.First or MeasureKind.Last or MeasureKind.Distinct))
        {
            yield return PartKind.Totals;
        }
    }
}
