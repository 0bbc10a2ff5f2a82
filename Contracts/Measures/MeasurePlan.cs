using System.Collections.ObjectModel;

namespace Streaming.Contracts.Measures;

/// <summary>A field of an event that is measured.</summary>
/// <param name="Name">A stable word: lower-case letters, digits, underscores, such as <c>amount</c>.</param>
/// <param name="Kind">Number or identity.</param>
/// <param name="Scale">Decimal digits after the point, 0 to 9: a value is the long × 10^-scale. 0 for identities.</param>
/// <param name="Unit">For display, such as <c>CHF</c>; null where there is none.</param>
public sealed record FieldSpec(string Name, FieldKind Kind, int Scale, string? Unit);

/// <summary>One measure of a pipeline.</summary>
/// <param name="Name">A stable word, unique in its plan, such as <c>count</c>, <c>amount_sum</c>, <c>amount_p95</c>.</param>
/// <param name="Kind">What is computed.</param>
/// <param name="Field">Of which field, an index into the plan's fields; -1 for the count of events.</param>
/// <param name="Quantile">For <see cref="MeasureKind.Quantile"/>: which, strictly between 0 and 1; else 0.</param>
public sealed record MeasureSpec(string Name, MeasureKind Kind, int Field, double Quantile = 0);

/// <summary>
/// Which fields of an event are measured, and how. Valid by construction. Equal plans have the same fields and measures in the same order.
/// </summary>
public sealed record MeasurePlan
{
    /// <summary>The most fields that a plan may have; an event's missing values are a bit mask.</summary>
    public const int MaxFields = 16;

    /// <summary>The most measures that a plan may have.</summary>
    public const int MaxMeasures = 64;

    /// <exception cref="InvalidMeasurePlanException">The plan makes no sense; the message names the field or measure and why.</exception>
    public MeasurePlan(IEnumerable<FieldSpec> fields, IEnumerable<MeasureSpec> measures)
    {
        Fields = new ReadOnlyCollection<FieldSpec>([.. fields]);
        Measures = new ReadOnlyCollection<MeasureSpec>([.. measures]);
        MeasurePlanRules.Check(Fields, Measures);
        Layout = StateLayout.Of(Fields, Measures);
        Fingerprint = MeasurePlanText.Fingerprint(this);
    }

    /// <summary>The fields, in the order in which decoders hand over their values. The columns of a row measure field 0.</summary>
    public IReadOnlyList<FieldSpec> Fields { get; }

    /// <summary>The measures, in the order in which they are shown.</summary>
    public IReadOnlyList<MeasureSpec> Measures { get; }

    /// <summary>Whether windows carry a <see cref="MeasureState"/> besides <see cref="BasicMeasures"/>.</summary>
    public bool NeedsState => !Layout.IsEmpty;

    /// <summary>Whether field 0 is a number, whose count, sum, minimum and maximum lie in columns.</summary>
    public bool HasColumnField => Fields is [{ Kind: FieldKind.Number }, ..];

    /// <summary>
    /// Everything here that decides results, as one line of text: fields, measures and the version of how states are computed. Units are not in it.
    /// </summary>
    public string Fingerprint { get; }

    internal StateLayout Layout { get; }

    /// <summary>What goes into an event's <see cref="BasicMeasures"/>: its value in field 0, or 0 where that is no number.</summary>
    public long ColumnValueOf(in EventValues e) => HasColumnField ? e.Values[0] : 0;

    /// <summary>The measure of this name, or null.</summary>
    public MeasureSpec? Find(string name) => Measures.FirstOrDefault(measure => measure.Name == name);

    /// <summary>The plan as JSON text, which <see cref="Parse"/> reads.</summary>
    public string ToJson() => MeasurePlanText.ToJson(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="InvalidMeasurePlanException">It is no such text, or no valid plan.</exception>
    public static MeasurePlan Parse(string json) => MeasurePlanText.Parse(json);

    /// <inheritdoc />
    public bool Equals(MeasurePlan? other) =>
        other is not null && Fields.SequenceEqual(other.Fields) && Measures.SequenceEqual(other.Measures);

    /// <inheritdoc />
    public override int GetHashCode() => Fingerprint.GetHashCode(StringComparison.Ordinal);
}
