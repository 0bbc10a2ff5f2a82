using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Embedded.SchemaRegistry.Api;

/// <summary>Bodies of the REST interface.</summary>
internal sealed record SchemaRequest(
    [property: JsonPropertyName("schema")] string? Schema,
    [property: JsonPropertyName("schemaType")] string? SchemaType,
    [property: JsonPropertyName("references")] IReadOnlyList<JsonElement>? References,
    [property: JsonPropertyName("id")] int? Id,
    [property: JsonPropertyName("version")] int? Version);

internal sealed record LevelRequest([property: JsonPropertyName("compatibility")] string? Compatibility);

internal sealed record IdAnswer([property: JsonPropertyName("id")] int Id);

internal sealed record SchemaAnswer(
    [property: JsonPropertyName("schema")] string Schema,
    [property: JsonPropertyName("schemaType"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SchemaType,
    [property: JsonPropertyName("references"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? References);

internal sealed record VersionAnswer(
    [property: JsonPropertyName("subject")] string Subject,
    [property: JsonPropertyName("version")] int Version,
    [property: JsonPropertyName("id")] int Id,
    [property: JsonPropertyName("schemaType"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SchemaType,
    [property: JsonPropertyName("references"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? References,
    [property: JsonPropertyName("schema")] string Schema);

internal sealed record SubjectVersion([property: JsonPropertyName("subject")] string Subject, [property: JsonPropertyName("version")] int Version);

internal sealed record CompatibleAnswer(
    [property: JsonPropertyName("is_compatible")] bool IsCompatible,
    [property: JsonPropertyName("messages"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Messages);

internal sealed record LevelAnswer([property: JsonPropertyName("compatibilityLevel")] string CompatibilityLevel);

internal sealed record ModeAnswer([property: JsonPropertyName("mode")] string Mode);

internal sealed record ErrorAnswer([property: JsonPropertyName("error_code")] int ErrorCode, [property: JsonPropertyName("message")] string Message);

[JsonSerializable(typeof(SchemaRequest))]
[JsonSerializable(typeof(LevelRequest))]
[JsonSerializable(typeof(IdAnswer))]
[JsonSerializable(typeof(SchemaAnswer))]
[JsonSerializable(typeof(VersionAnswer))]
[JsonSerializable(typeof(List<SubjectVersion>))]
[JsonSerializable(typeof(CompatibleAnswer))]
[JsonSerializable(typeof(LevelAnswer))]
[JsonSerializable(typeof(ModeAnswer))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(List<string>))]
[JsonSerializable(typeof(List<int>))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class ApiJson : JsonSerializerContext;
