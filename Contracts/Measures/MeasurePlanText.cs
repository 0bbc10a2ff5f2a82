using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Contracts.Measures;

/// <summary>
/// The plan as text, such as <c>{"fields":[{"name":"amount","kind":"number","scale":2,"unit":"CHF"}],
/// "measures":[{"name":"amount_p95","kind":"quantile","field":0,"quantile":0.95}]}</c>.
/// Unknown members are refused: a reader that does not know them would show something else than was meant.
/// </summary>
internal static class MeasurePlanText
{
    // Counts up when a state of the same plan would be computed or encoded otherwise.
    private const int ComputationVersion = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 8,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    public static string ToJson(MeasurePlan plan) => JsonSerializer.Serialize(
        new PlanJson(
            [.. plan.Fields.Select(field => new FieldJson(field.Name, field.Kind, field.Scale, field.Unit))],
            [.. plan.Measures.Select(measure => new MeasureJson(
                measure.Name, measure.Kind, measure.Field, measure.Kind == MeasureKind.Quantile ? measure.Quantile : null))]),
        Json);

    public static MeasurePlan Parse(string json)
    {
        PlanJson plan;
        try
        {
            plan = JsonSerializer.Deserialize<PlanJson>(json, Json) ?? throw new InvalidMeasurePlanException("the text is null, not a plan");
        }
        catch (JsonException e)
        {
            throw new InvalidMeasurePlanException($"the text is no plan: {e.Message}", e);
        }

        if (Array.Exists(plan.Fields, field => field is null) || Array.Exists(plan.Measures, measure => measure is null))
        {
            throw new InvalidMeasurePlanException("the text is no plan: null in place of a field or measure");
        }

        return new MeasurePlan(
            plan.Fields.Select(field => new FieldSpec(field.Name, field.Kind, field.Scale, field.Unit)),
            plan.Measures.Select(measure => new MeasureSpec(measure.Name, measure.Kind, measure.Field, measure.Quantile ?? 0)));
    }

    public static string Fingerprint(MeasurePlan plan) => string.Create(
        CultureInfo.InvariantCulture,
        $"measures=v{ComputationVersion}({string.Join(',', plan.Fields.Select(FieldText))};{string.Join(',', plan.Measures.Select(MeasureText))})");

    private static string FieldText(FieldSpec field) =>
        field.Kind == FieldKind.Number ? string.Create(CultureInfo.InvariantCulture, $"{field.Name}:e-{field.Scale}") : $"{field.Name}:id";

    private static string MeasureText(MeasureSpec measure)
    {
        string kind = measure.Kind.ToString().ToLowerInvariant();
        string quantile = measure.Kind == MeasureKind.Quantile ? measure.Quantile.ToString("R", CultureInfo.InvariantCulture) : "";
        return string.Create(CultureInfo.InvariantCulture, $"{measure.Name}={kind}{quantile}[{measure.Field}]");
    }

    // The text's shape, apart from the types, so that a default of theirs is no default of the text's.
    private sealed record PlanJson(FieldJson[] Fields, MeasureJson[] Measures);

    private sealed record FieldJson(string Name, FieldKind Kind, int Scale, string? Unit = null);

    private sealed record MeasureJson(string Name, MeasureKind Kind, int Field, double? Quantile = null);
}
