using System.Text.Json;
using System.Text.Json.Serialization;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Contracts.Pipelines;

/// <summary>What readers need to know of a pipeline to show it; the Aggregator writes it into <c>pipeline_generations.definition</c>.</summary>
/// <param name="Name">Its stable name, the key of its rows.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Source">The topic that its windows are built from.</param>
/// <param name="Key">What it groups by, for people: <c>store</c>.</param>
/// <param name="IsKeyedByRecord">
/// True: it groups by the topic's own key, so a row of one partition is the whole window. False: rows are partial, and whoever reads them merges those of all
/// partitions.
/// </param>
/// <param name="Windows">Its kinds of windows.</param>
/// <param name="OutOfOrderness">How far the watermark stays behind the largest event time.</param>
/// <param name="Grace">How long a window stays open after the watermark has reached its end.</param>
/// <param name="Measures">What is measured.</param>
/// <param name="Steps">Its topology, from source to outputs, in order.</param>
public sealed record PipelineDescription(
    string Name,
    string Title,
    string Source,
    string Key,
    bool IsKeyedByRecord,
    IReadOnlyList<WindowSpec> Windows,
    TimeSpan OutOfOrderness,
    TimeSpan Grace,
    [property: JsonConverter(typeof(MeasurePlanConverter))] MeasurePlan Measures,
    IReadOnlyList<PipelineStep> Steps)
{
    /// <summary>
    /// How long final windows are kept, by the name of their kind; kinds that are not named as long as the Aggregator's setting says. Null: none is named.
    /// Not part of what decides results.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, TimeSpan>? Kept { get; init; }

    /// <summary>How long its events are kept in the table <c>events</c>; null: they are not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? KeptEvents { get; init; }

    /// <summary>As JSON with names in snake_case.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, PipelineJson.Default.PipelineDescription);

    /// <summary>Reads what <see cref="ToJson"/> wrote; null when the text is no description (one written by another version of the Aggregator).</summary>
    public static PipelineDescription? TryParse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, PipelineJson.Default.PipelineDescription) is { Name: not null, Windows: not null, Measures: not null } description
                ? description
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidMeasurePlanException or NotSupportedException)
        {
            return null;
        }
    }
}

/// <summary>One step of a pipeline's topology.</summary>
/// <param name="Kind"><c>source</c>, <c>filter</c>, <c>map</c>, <c>enrich</c>, <c>key</c>, <c>window</c>, <c>measure</c>, <c>output</c> or <c>alert</c>.</param>
/// <param name="Text">What it does, as the definition says it: a topic, an expression, a window's name.</param>
public sealed record PipelineStep(string Kind, string Text);

/// <summary>A measure plan inside of a description: its own JSON.</summary>
public sealed class MeasurePlanConverter : JsonConverter<MeasurePlan>
{
    /// <inheritdoc />
    public override MeasurePlan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        return MeasurePlan.Parse(json.RootElement.GetRawText());
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, MeasurePlan value, JsonSerializerOptions options) => writer.WriteRawValue(value.ToJson());
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true, AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(PipelineDescription))]
internal sealed partial class PipelineJson : JsonSerializerContext;
