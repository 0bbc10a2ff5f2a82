using System.Text;
using System.Text.Json;

namespace Streaming.Contracts.Avro;

/// <summary>
/// Turns the JSON of default values into values. Each field's default is made once and shared by all that fall back on it, so that a few nested
/// definitions cannot ask for more values than there is memory.
/// </summary>
internal static class AvroDefaults
{
    private const string UnderWay = "it needs itself";

    /// <summary>Sets a field's default, or why it cannot be used.</summary>
    public static void Settle(AvroField field)
    {
        if (field.DefaultJson is null || field.DefaultProblem is not null || field.Default is not null)
        {
            return;
        }

        // Whoever comes back here while it stands so has gone in a circle.
        field.DefaultProblem = UnderWay;
        try
        {
            using var json = JsonDocument.Parse(field.DefaultJson, new JsonDocumentOptions { MaxDepth = AvroSchema.MaxDepth * 3 });
            field.Default = Value(field.Schema, json.RootElement, 0);
            field.DefaultProblem = null;
        }
        catch (AvroSchemaException e)
        {
            field.DefaultProblem = e.Message;
        }
    }

    private static object? Value(AvroSchema schema, JsonElement json, int depth) => schema switch
    {
        _ when depth > AvroSchema.MaxDepth => throw Wrong("it is nested too deep"),
        AvroPrimitive => Primitive(schema.Type, json),
        AvroRecord record => Record(record, json, depth),
        AvroEnumeration symbols => new AvroSymbol(symbols, TextOf(json) is { } text && symbols.Symbols.Contains(text) ? text : throw Wrong("it is none of the symbols")),
        AvroFixed size => new AvroFixedValue(size, BytesOf(json) is var bytes && bytes.Length == size.Size ? bytes : throw Wrong($"it has not {size.Size} bytes")),
        AvroArray array => Items(json, JsonValueKind.Array).EnumerateArray().Select(item => Value(array.Items, item, depth + 1)).ToList(),
        AvroMap map => Items(json, JsonValueKind.Object).EnumerateObject()
            .GroupBy(item => item.Name, StringComparer.Ordinal).ToDictionary(item => item.Key, item => Value(map.Values, item.Last().Value, depth + 1), StringComparer.Ordinal),

        // Up to Avro 1.11 a union's default is a value of its first branch.
        AvroUnion { Branches: [var first, ..] } => Value(first, json, depth + 1),
        _ => throw Wrong("an empty union has no value"),
    };

    private static object? Primitive(AvroType type, JsonElement json) => (type, json.ValueKind) switch
    {
        (AvroType.Null, JsonValueKind.Null) => null,
        (AvroType.Boolean, JsonValueKind.True) => true,
        (AvroType.Boolean, JsonValueKind.False) => false,
        (AvroType.Int, JsonValueKind.Number) when json.TryGetInt32(out var number) => number,
        (AvroType.Long, JsonValueKind.Number) when json.TryGetInt64(out var number) => number,
        (AvroType.Float, JsonValueKind.Number) when json.TryGetSingle(out var number) => number,
        (AvroType.Double, JsonValueKind.Number) when json.TryGetDouble(out var number) => number,
        (AvroType.String, JsonValueKind.String) => TextOf(json),
        (AvroType.Bytes, JsonValueKind.String) => BytesOf(json),
        _ => throw Wrong($"it is no {AvroSchema.Word(type)}"),
    };

    private static AvroRecordValue Record(AvroRecord record, JsonElement json, int depth)
    {
        Items(json, JsonValueKind.Object);
        var values = new object?[record.Fields.Count];
        foreach (var field in record.Fields)
        {
            if (json.TryGetProperty(field.Name, out var value))
            {
                values[field.Position] = Value(field.Schema, value, depth + 1);
                continue;
            }

            Settle(field);
            values[field.Position] = field.HasDefault ? field.Default
                : throw Wrong(field.DefaultProblem is { } problem ? $"its '{field.Name}': {problem}" : $"it has no '{field.Name}'");
        }

        return new AvroRecordValue(record, values);
    }

    private static JsonElement Items(JsonElement json, JsonValueKind kind) =>
        json.ValueKind == kind ? json : throw Wrong(kind == JsonValueKind.Array ? "it is no array" : "it is no object");

    private static string TextOf(JsonElement json)
    {
        try
        {
            return json.ValueKind == JsonValueKind.String ? json.GetString()! : throw Wrong("it is no text");
        }
        catch (InvalidOperationException)
        {
            throw Wrong("it is no Unicode text");
        }
    }

    /// <summary>Bytes are written as a text whose characters U+0000 to U+00FF are the bytes.</summary>
    private static byte[] BytesOf(JsonElement json)
    {
        var text = TextOf(json);
        return text.All(letter => letter <= 0xff) ? Encoding.Latin1.GetBytes(text) : throw Wrong("it has characters above U+00FF, which are no bytes");
    }

    private static AvroSchemaException Wrong(string problem) => new(problem);
}
