using System.Runtime.CompilerServices;
using Streaming.Contracts.Measures;

namespace Streaming.Aggregator.Pipelines;

/// <summary>
/// What a pipeline measures: <c>m.Count().Of("amount", sale => sale.Amount).Sum().Mean().P95()</c>. Measures are named after their field:
/// <c>count</c>, <c>amount_sum</c>, <c>amount_mean</c>, <c>amount_p95</c>, <c>customer_distinct</c>.
/// </summary>
public sealed class MeasuresBuilder<TEvent>
{
    private readonly List<Field> _fields = [];
    private readonly List<Measure> _measures = [];

    /// <summary>The number of events: <c>count</c>.</summary>
    public MeasuresBuilder<TEvent> Count() => Add(new Measure("count", MeasureKind.Count, null, 0));

    /// <summary>The measures that follow are of this whole number. The first number of a pipeline must be there in every event.</summary>
    /// <param name="name">A stable word: lower-case letters, digits, underscores.</param>
    /// <param name="select">The number, in units of 10^-<paramref name="scale"/>: cents at scale 2.</param>
    /// <param name="scale">Decimal digits after the point, 0 to 9.</param>
    /// <param name="unit">For display.</param>
    /// <param name="expression">The compiler fills it in: the selector's text is part of the fingerprint.</param>
    public MeasuresBuilder<TEvent> Of(
        string name, Func<TEvent, long> select, int scale = 0, string? unit = null, [CallerArgumentExpression(nameof(select))] string expression = "") =>
        Begin(new Field(new FieldSpec(name, FieldKind.Number, scale, unit), FieldSelectors.Of(select), expression));

    /// <summary>The measures that follow are of this whole number, which an event may lack.</summary>
    public MeasuresBuilder<TEvent> OfOptional(
        string name, Func<TEvent, long?> select, int scale = 0, string? unit = null, [CallerArgumentExpression(nameof(select))] string expression = "") =>
        Begin(new Field(new FieldSpec(name, FieldKind.Number, scale, unit), FieldSelectors.Of(select), expression));

    /// <summary>The measures that follow are of this decimal number, which an event may lack. One that does not fit is rejected.</summary>
    public MeasuresBuilder<TEvent> OfDecimal(
        string name, Func<TEvent, decimal?> select, int scale, string? unit = null, [CallerArgumentExpression(nameof(select))] string expression = "") =>
        Begin(new Field(new FieldSpec(name, FieldKind.Number, scale, unit), FieldSelectors.Of(select, scale), expression));

    /// <summary>How many different texts there are: <c>name_distinct</c>, with a standard error of 1.6 %.</summary>
    public MeasuresBuilder<TEvent> Distinct(string name, Func<TEvent, string?> select, [CallerArgumentExpression(nameof(select))] string expression = "")
    {
        Begin(new Field(new FieldSpec(name, FieldKind.Identity, 0, null), FieldSelectors.Identity(select), expression));
        return OfField("distinct", MeasureKind.Distinct);
    }

    /// <summary>How many different UTF-8 texts there are; no text is made of the bytes.</summary>
    public MeasuresBuilder<TEvent> DistinctUtf8(
        string name, Func<TEvent, ReadOnlyMemory<byte>> select, [CallerArgumentExpression(nameof(select))] string expression = "")
    {
        Begin(new Field(new FieldSpec(name, FieldKind.Identity, 0, null), FieldSelectors.Identity(select), expression));
        return OfField("distinct", MeasureKind.Distinct);
    }

    /// <summary>How many events have a value in the field: <c>name_count</c>.</summary>
    public MeasuresBuilder<TEvent> Counted() => OfField("count", MeasureKind.Count);

    public MeasuresBuilder<TEvent> Sum() => OfField("sum", MeasureKind.Sum);

    public MeasuresBuilder<TEvent> Min() => OfField("min", MeasureKind.Min);

    public MeasuresBuilder<TEvent> Max() => OfField("max", MeasureKind.Max);

    public MeasuresBuilder<TEvent> Mean() => OfField("mean", MeasureKind.Mean);

    /// <summary>The population variance.</summary>
    public MeasuresBuilder<TEvent> Variance() => OfField("variance", MeasureKind.Variance);

    /// <summary>The value of the first event, by event time.</summary>
    public MeasuresBuilder<TEvent> First() => OfField("first", MeasureKind.First);

    /// <summary>The value of the last event, by event time.</summary>
    public MeasuresBuilder<TEvent> Last() => OfField("last", MeasureKind.Last);

    /// <summary>The median, with a relative error of at most 1 %, as all quantiles.</summary>
    public MeasuresBuilder<TEvent> P50() => OfField("p50", MeasureKind.Quantile, 0.50);

    public MeasuresBuilder<TEvent> P95() => OfField("p95", MeasureKind.Quantile, 0.95);

    public MeasuresBuilder<TEvent> P99() => OfField("p99", MeasureKind.Quantile, 0.99);

    /// <summary>The plan, its fields' selectors, and their texts. Numbers come first: the first one's measures lie in columns.</summary>
    /// <exception cref="InvalidMeasurePlanException">The plan makes no sense.</exception>
    internal (MeasurePlan Plan, IReadOnlyList<FieldSelector<TEvent>> Selectors, string Text) Build()
    {
        List<Field> fields = [.. _fields.OrderBy(field => field.Spec.Kind == FieldKind.Number ? 0 : 1)];
        var plan = new MeasurePlan(
            fields.Select(field => field.Spec),
            _measures.Select(m => new MeasureSpec(m.Name, m.Kind, m.Field is null ? -1 : fields.IndexOf(m.Field), m.Quantile)));
        return (plan, fields.ConvertAll(field => field.Select), string.Join(", ", fields.Select(field => $"{field.Spec.Name} = {field.Expression}")));
    }

    private MeasuresBuilder<TEvent> Begin(Field field)
    {
        _fields.Add(field);
        return this;
    }

    private MeasuresBuilder<TEvent> OfField(string word, MeasureKind kind, double quantile = 0) => _fields.LastOrDefault() is { } field
        ? Add(new Measure($"{field.Spec.Name}_{word}", kind, field, quantile))
        : throw new InvalidMeasurePlanException($"measure '{word}' has no field: Of(…) comes before it");

    private MeasuresBuilder<TEvent> Add(Measure measure)
    {
        _measures.Add(measure);
        return this;
    }

    private sealed record Field(FieldSpec Spec, FieldSelector<TEvent> Select, string Expression);

    private sealed record Measure(string Name, MeasureKind Kind, Field? Field, double Quantile);
}
