using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Streaming.Contracts.Measures;

namespace Streaming.Dashboard.Api;

/// <summary>A page of windows.</summary>
/// <param name="Pipeline">The pipeline.</param>
/// <param name="Window">The kind of windows.</param>
/// <param name="Resolution">The length of the slots that windows were merged to; null: none were.</param>
/// <param name="From">The first start asked for.</param>
/// <param name="To">The end of the starts asked for.</param>
/// <param name="Watermark">The smallest watermark of the pipeline's partitions; null before all have one.</param>
/// <param name="Items">Ordered by start, key, end.</param>
/// <param name="Next">Cursor of the next page; null: this is the last.</param>
public sealed record WindowPage(
    string Pipeline, string Window, string? Resolution, DateTimeOffset From, DateTimeOffset To, DateTimeOffset? Watermark, IReadOnlyList<WindowItem> Items, string? Next);

/// <summary>What a pipeline says of one key in one window.</summary>
/// <param name="Start">First instant, UTC.</param>
/// <param name="End">First instant after it, UTC.</param>
/// <param name="Key">What it is grouped by.</param>
/// <param name="IsFinal">Whether its measures change no more.</param>
/// <param name="Late">Events that came after it had closed; in none of the measures.</param>
/// <param name="Measures">The measures by name: numbers, exact ones with all their digits; null where nothing was measured.</param>
public sealed record WindowItem(
    DateTimeOffset Start, DateTimeOffset End, string Key, bool IsFinal, long Late,
    [property: JsonConverter(typeof(MeasuresConverter)), Description("Measures by name: numbers, or null where nothing was measured.")] IReadOnlyList<NamedMeasure> Measures);

/// <summary>A measure and what it is called.</summary>
public readonly record struct NamedMeasure(string Name, MeasureValue Value);

/// <summary>A page of alerts.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Next">Cursor of the next page; null: this is the last.</param>
public sealed record AlertPage(IReadOnlyList<AlertItem> Items, string? Next);

/// <summary>A transition of an alert.</summary>
/// <param name="Pipeline">Whose rule it is.</param>
/// <param name="Rule">The rule's name.</param>
/// <param name="Key">Whose windows it judges.</param>
/// <param name="Transition"><c>firing</c> or <c>resolved</c>.</param>
/// <param name="At">When, in event time.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>critical</c>.</param>
/// <param name="Message">In words.</param>
/// <param name="Window">The kind of windows that is judged.</param>
/// <param name="WindowStart">The window that decided.</param>
/// <param name="WindowEnd">Its end.</param>
/// <param name="Value">What was judged; null where there was nothing.</param>
/// <param name="Threshold">What it was held against.</param>
/// <param name="IsFiringNow">Whether the alert fires at this moment.</param>
public sealed record AlertItem(
    string Pipeline, string Rule, string Key, string Transition, DateTimeOffset At, string Severity, string Message,
    string Window, DateTimeOffset? WindowStart, DateTimeOffset? WindowEnd, double? Value, double? Threshold, bool IsFiringNow);

/// <summary>A pipeline.</summary>
/// <param name="Name">Its stable name.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Source">The topic that its windows are built from.</param>
/// <param name="Key">What it groups by.</param>
/// <param name="Windows">Its kinds of windows.</param>
/// <param name="Measures">What it measures.</param>
/// <param name="Steps">Its topology.</param>
/// <param name="Generation">The generation that is shown.</param>
/// <param name="IsPaused">Whether an administrator has stopped it.</param>
/// <param name="IsReplaying">Whether a new generation catches up.</param>
/// <param name="Watermark">The smallest watermark of its partitions; null before all have one.</param>
/// <param name="Lag">Records not read yet; null when it is not known.</param>
/// <param name="Events">Events taken in since the generation began.</param>
/// <param name="Late">Events that came too late.</param>
/// <param name="Rejected">Records that are no acceptable event.</param>
/// <param name="Filtered">Events that a filter passed over.</param>
/// <param name="UpdatedAt">The newest checkpoint.</param>
public sealed record PipelineItem(
    string Name, string Title, string? Source, string? Key, IReadOnlyList<string> Windows, IReadOnlyList<MeasureItem> Measures, IReadOnlyList<StepItem> Steps, int Generation,
    bool IsPaused, bool IsReplaying, DateTimeOffset? Watermark, long? Lag, long Events, long Late, long Rejected, long Filtered, DateTimeOffset? UpdatedAt);

/// <summary>A measure.</summary>
/// <param name="Name">The name under which windows have it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Unit">Its unit; null for none.</param>
public sealed record MeasureItem(string Name, string Kind, string? Unit);

/// <summary>A step of a topology.</summary>
/// <param name="Kind">What kind of step.</param>
/// <param name="Text">What it does.</param>
public sealed record StepItem(string Kind, string Text);

/// <summary>Measures as one object: names and numbers.</summary>
internal sealed class MeasuresConverter : JsonConverter<IReadOnlyList<NamedMeasure>>
{
    public override IReadOnlyList<NamedMeasure> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Windows are written only.");

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<NamedMeasure> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, measure) in value)
        {
            writer.WritePropertyName(name);
            if (!measure.HasValue || (measure.Exact is null && !double.IsFinite(measure.Number)))
            {
                writer.WriteNullValue();
            }
            else if (measure.Exact is { } exact)
            {
                writer.WriteNumberValue(exact);
            }
            else
            {
                writer.WriteNumberValue(measure.Number);
            }
        }

        writer.WriteEndObject();
    }
}

/// <summary>How documents are written.</summary>
internal static class ApiJson
{
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
    }

    /// <summary>For what is not written by the framework's own results.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(options);
        return options;
    }
}
