using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Contracts.SchemaRegistry;

/// <summary>Bodies of the registry's REST interface, as far as they are needed here.</summary>
internal sealed record RegisterRequest([property: JsonPropertyName("schema")] string Schema);

internal sealed record RegisterAnswer([property: JsonPropertyName("id")] int Id);

internal sealed record SchemaAnswer(
    [property: JsonPropertyName("schema")] string? Schema,
    [property: JsonPropertyName("schemaType")] string? SchemaType,
    [property: JsonPropertyName("references")] IReadOnlyList<JsonElement>? References);

internal sealed record ErrorAnswer([property: JsonPropertyName("error_code")] int ErrorCode, [property: JsonPropertyName("message")] string? Message);

[JsonSerializable(typeof(RegisterRequest))]
[JsonSerializable(typeof(RegisterAnswer))]
[JsonSerializable(typeof(SchemaAnswer))]
[JsonSerializable(typeof(ErrorAnswer))]
internal sealed partial class SchemaRegistryJson : JsonSerializerContext;
