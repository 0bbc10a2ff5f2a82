using System.Text;
using System.Text.Json;
using Streaming.Contracts.Avro;

namespace Streaming.Topics.Producing;

/// <summary>
/// Reads values in the specification's JSON encoding of Avro: bytes and fixed as texts of the characters U+0000 to U+00FF, a union's value as
/// <c>{"branch": value}</c> or null. A union of null and one other type also takes the bare value.
/// </summary>
internal static class AvroJsonInput
{
    /// <exception cref="AvroDataException">The JSON is no value of the schema; the message says where.</exception>
    public static object? Read(AvroSchema schema, JsonElement json) => Value(schema, json, "value", 0);

    private static object? Value(AvroSchema schema, JsonElement json, string at, int depth) => schema switch
    {
        _ when depth > AvroSchema.MaxDepth => throw Wrong(at, "is nested too deep"),
        AvroRecord record => Record(record, json, at, depth),
        AvroEnumeration symbols => Text(json, at) is var text && symbols.Symbols.Contains(text) ? new AvroSymbol(symbols, text) : throw Wrong(at, $"is none of {string.Join(", ", symbols.Symbols.Take(10))}"),
        AvroFixed size => Bytes(json, at) is var bytes && bytes.Length == size.Size ? new AvroFixedValue(size, bytes) : throw Wrong(at, $"has not {size.Size} bytes"),
        AvroArray array => json.ValueKind == JsonValueKind.Array
            ? json.EnumerateArray().Select((item, i) => Value(array.Items, item, $"{at}[{i}]", depth + 1)).ToList() : throw Wrong(at, "is no array"),
        AvroMap map => Map(map, json, at, depth),
        AvroUnion union => Union(union, json, at, depth),
        _ => Primitive(schema.Type, json, at),
    };

    private static AvroRecordValue Record(AvroRecord record, JsonElement json, string at, int depth)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(at, $"is no object: {record.FullName} is a record");
        }

        var unknown = json.EnumerateObject().FirstOrDefault(property => record.Field(property.Name) is null);
        if (unknown.Value.ValueKind != JsonValueKind.Undefined)
        {
            throw Wrong(at, $"has a field '{unknown.Name}', which {record.FullName} has not");
        }

        return new AvroRecordValue(record, [.. record.Fields.Select(field => Field(field, json, at, depth))]);
    }

    private static object? Field(AvroField field, JsonElement json, string at, int depth) =>
        json.TryGetProperty(field.Name, out var value) ? Value(field.Schema, value, $"{at}.{field.Name}", depth + 1)
        : field.HasDefault ? field.Default
        : throw Wrong(at, $"has no '{field.Name}'");

    private static Dictionary<string, object?> Map(AvroMap map, JsonElement json, string at, int depth)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(at, "is no object");
        }

        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject())
        {
            values[property.Name] = Value(map.Values, property.Value, $"{at}.{property.Name}", depth + 1);
        }

        return values;
    }

    private static object? Union(AvroUnion union, JsonElement json, string at, int depth)
    {
        if (json.ValueKind == JsonValueKind.Null)
        {
            return union.Branches.Any(branch => branch.Type == AvroType.Null) ? null : throw Wrong(at, "is null, which the union is not");
        }

        if (json.ValueKind == JsonValueKind.Object && json.GetPropertyCount() == 1
            && json.EnumerateObject().First() is var tagged && union.Branches.FirstOrDefault(branch => Name(branch) == tagged.Name) is { } named)
        {
            return Value(named, tagged.Value, at, depth + 1);
        }

        var others = union.Branches.Where(branch => branch.Type != AvroType.Null).ToList();
        return others.Count == 1 ? Value(others[0], json, at, depth + 1) : throw Wrong(at, $"has to say which it is, as {{\"{Name(others.First())}\": …}}");
    }

    private static object? Primitive(AvroType type, JsonElement json, string at) => (type, json.ValueKind) switch
    {
        (AvroType.Null, JsonValueKind.Null) => null,
        (AvroType.Boolean, JsonValueKind.True) => true,
        (AvroType.Boolean, JsonValueKind.False) => false,
        (AvroType.Int, JsonValueKind.Number) when json.TryGetInt32(out var number) => number,
        (AvroType.Long, JsonValueKind.Number) when json.TryGetInt64(out var number) => number,
        (AvroType.Float, JsonValueKind.Number) when json.TryGetSingle(out var number) => number,
        (AvroType.Double, JsonValueKind.Number) when json.TryGetDouble(out var number) => number,
        (AvroType.String, _) => Text(json, at),
        (AvroType.Bytes, _) => Bytes(json, at),
        _ => throw Wrong(at, $"is no {Word(type)}"),
    };

    private static string Text(JsonElement json, string at)
    {
        try
        {
            return json.ValueKind == JsonValueKind.String ? json.GetString()! : throw Wrong(at, "is no string");
        }
        catch (InvalidOperationException)
        {
            throw Wrong(at, "has half of a surrogate pair in it");
        }
    }

    private static byte[] Bytes(JsonElement json, string at) =>
        Text(json, at) is var text && text.All(c => c <= '\u00ff') ? Encoding.Latin1.GetBytes(text) : throw Wrong(at, "has characters beyond U+00FF, which are no bytes");

    private static string Name(AvroSchema branch) => branch is AvroNamed named ? named.FullName : Word(branch.Type);

    private static string Word(AvroType type) => type.ToString().ToLowerInvariant();

    private static AvroDataException Wrong(string at, string problem) => new($"{at} {problem}");
}
