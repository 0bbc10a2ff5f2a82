using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Confluent.Kafka;
using Streaming.Aggregator.Pipelines;
using Streaming.Contracts;
using Streaming.Contracts.Windows;
using Definition = Streaming.Aggregator.Pipelines.Pipeline;

namespace Streaming.Aggregator.Tests.BadInput;

/// <summary>A pipeline such as a user writes one: JSON of a type of his own, and lambdas that are not careful.</summary>
internal static class Readings
{
    public const string Pipeline = "readings";

    private static readonly JsonSerializerOptions Rules = new(JsonSerializerDefaults.Web)
    {
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private static readonly long[] Levels = [10, 20, 30];

    public sealed record Reading(string Region, decimal Celsius, double Wind, int Level, int Divisor, string? Code, DateTimeOffset? At);

    /// <summary>Grouped by the record's key.</summary>
    public static PipelineDefinition ByStation(TopicDeclaration topic) => Measured(Definition.Named(Pipeline, "Readings").From(topic, JsonEvents.Of<Reading>(r => r.At!.Value, Rules))
        .Where(r => 100 / r.Divisor > 0)
        .Map(r => r with { Level = r.Level + int.Parse(r.Code!.Trim()) })
        .KeyedByRecord("station"));

    /// <summary>Grouped by something else, so that windows lie in parts in several partitions; the topic is somebody else's.</summary>
    public static PipelineDefinition ByRegion(string topic) => Measured(Definition.Named(Pipeline, "Readings").From(topic, JsonEvents.Of<Reading>(r => r.At!.Value, Rules))
        .GroupBy("region", r => r.Region));

    public static byte[] Json(
        DateTimeOffset? at, string celsius = "1.5", string wind = "2.5", string code = "\"0\"", int level = 1, int divisor = 1, string region = "north", string more = "") =>
        Encoding.UTF8.GetBytes($$"""
            {"region":"{{region}}","celsius":{{celsius}},"wind":{{wind}},"code":{{code}},"level":{{level}},"divisor":{{divisor}},"at":{{Text(at)}}{{more}}}
            """);

    public static string Header(ConsumeResult<byte[]?, byte[]?> record, string name) => Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes(name));

    private static string Text(DateTimeOffset? at) => at is { } time ? $"\"{time.ToString("O", CultureInfo.InvariantCulture)}\"" : "null";

    private static PipelineDefinition Measured(PipelineBuilder<Reading> pipeline) => pipeline
        .Windows(WindowSpecs.Tumbling(TimeSpan.FromMinutes(1)))
        .Waits(outOfOrderness: TimeSpan.FromSeconds(5), grace: TimeSpan.FromSeconds(10), futureBound: TimeSpan.FromMinutes(1))
        .Measures(m => m.Count().OfDecimal("celsius", r => r.Celsius, scale: 2).Sum().OfDecimal("wind", r => (decimal)r.Wind, scale: 2).Max().Of("level", r => Levels[r.Level]).Max())
        .Define();
}
