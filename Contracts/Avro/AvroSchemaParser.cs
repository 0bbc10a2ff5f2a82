using System.Text.Json;

namespace Streaming.Contracts.Avro;

/// <summary>Reads schemas from JSON. One instance reads one text: it knows the names defined so far.</summary>
internal sealed class AvroSchemaParser
{
    private readonly Dictionary<string, AvroNamed> _names = new(StringComparer.Ordinal);
    private readonly List<(AvroField Field, string Path)> _defaults = [];

    private AvroSchemaParser()
    {
    }

    public static AvroSchema Parse(string json, bool checksDefaults)
    {
        if (json.Length > AvroSchema.MaxTextLength)
        {
            throw new AvroSchemaException($"the schema has {json.Length} characters; at most {AvroSchema.MaxTextLength} are read");
        }

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = AvroSchema.MaxDepth * 3, AllowDuplicateProperties = false });
            return new AvroSchemaParser().ParseAll(document.RootElement, checksDefaults);
        }
        catch (JsonException e)
        {
            throw new AvroSchemaException($"the schema is not JSON: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            // A text with half a surrogate pair in it.
            throw new AvroSchemaException($"a text of the schema is not Unicode: {e.Message}", e);
        }
    }

    private AvroSchema ParseAll(JsonElement root, bool checksDefaults)
    {
        var schema = Schema(root, "", new Place("schema", 0));
        foreach (var (field, path) in _defaults)
        {
            AvroDefaults.Settle(field);
            if (checksDefaults && field.DefaultProblem is { } problem)
            {
                throw new AvroSchemaException($"{path}: the default {Shorten(field.DefaultJson!)} does not fit: {problem}");
            }
        }

        return schema;
    }

    private AvroSchema Schema(JsonElement json, string space, Place at) => json.ValueKind switch
    {
        _ when at.Depth > AvroSchema.MaxDepth => throw at.Wrong("schemas are nested too deep"),
        JsonValueKind.String => Named(json.GetString()!, space, at),
        JsonValueKind.Array => Union(json, space, at),
        JsonValueKind.Object => Complex(json, space, at),
        _ => throw at.Wrong("a schema is a name, an object or an array"),
    };

    private AvroSchema Named(string name, string space, Place at) =>
        AvroPrimitives.Find(name) is { } primitive ? primitive
        : _names.TryGetValue(AvroName.Of(name, space).FullName, out var known) || _names.TryGetValue(name, out known) ? known
        : throw at.Wrong($"there is no type '{Shorten(name)}'");

    private AvroUnion Union(JsonElement json, string space, Place at)
    {
        List<AvroSchema> branches = [];
        HashSet<string> seen = [];
        foreach (var item in json.EnumerateArray())
        {
            var branch = Schema(item, space, at.In($"[{branches.Count}]"));
            if (branch.Type == AvroType.Union)
            {
                throw at.Wrong("a union stands directly in a union");
            }

            if (!seen.Add(branch.BranchName))
            {
                throw at.Wrong($"'{branch.BranchName}' is in the union twice");
            }

            branches.Add(branch);
        }

        return new AvroUnion(branches);
    }

    private AvroSchema Complex(JsonElement json, string space, Place at)
    {
        var type = Text(json, "type", at) ?? throw at.Wrong("there is no 'type'");
        return type switch
        {
            "record" => Record(json, space, at),
            "enum" => Enum(json, space, at),
            "fixed" => Fixed(json, space, at),
            "array" => new AvroArray(Schema(Required(json, "items", at), space, at.In("items"))) { Properties = AvroAttributes.Others(json, "type", "items") },
            "map" => new AvroMap(Schema(Required(json, "values", at), space, at.In("values"))) { Properties = AvroAttributes.Others(json, "type", "values") },
            _ when AvroPrimitives.Find(type) is { } primitive => AvroAttributes.Others(json, "type") is { Count: > 0 } others
                ? new AvroPrimitive(primitive.Type) { Properties = others }
                : primitive,
            _ => Named(type, space, at),
        };
    }

    private AvroRecord Record(JsonElement json, string space, Place at)
    {
        var name = NameOf(json, space, at);
        var record = new AvroRecord(name)
        {
            Aliases = Aliases(json, name, at),
            Doc = Text(json, "doc", at),
            Properties = AvroAttributes.Others(json, "type", "name", "namespace", "aliases", "doc", "fields"),
        };
        Define(record, at);
        var list = Required(json, "fields", at);
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw at.Wrong("'fields' is not an array");
        }

        List<AvroField> fields = [];
        HashSet<string> seen = [];
        foreach (var item in list.EnumerateArray())
        {
            var field = Field(item, fields.Count, name.Namespace, at);
            fields.Add(seen.Add(field.Name) ? field : throw at.Wrong($"the field '{field.Name}' is there twice"));
        }

        record.Fields = fields;
        return record;
    }

    private AvroField Field(JsonElement json, int position, string space, Place at)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw at.Wrong($"field {position} is not an object");
        }

        var name = Text(json, "name", at) ?? throw at.Wrong($"field {position} has no name");
        if (!AvroName.IsGood(name))
        {
            throw at.Wrong($"'{Shorten(name)}' is no name of a field");
        }

        var inside = at.In(name);
        var field = new AvroField(name, position, Schema(Required(json, "type", inside), space, inside))
        {
            Aliases = Texts(json, "aliases", inside),
            Doc = Text(json, "doc", inside),
            DefaultJson = json.TryGetProperty("default", out var value) ? AvroAttributes.Compact(value) : null,
            Properties = AvroAttributes.Others(json, "name", "type", "aliases", "doc", "default"),
        };
        if (field.DefaultJson is not null)
        {
            _defaults.Add((field, inside.Path));
        }

        return field;
    }

    private AvroEnumeration Enum(JsonElement json, string space, Place at)
    {
        var name = NameOf(json, space, at);
        _ = Required(json, "symbols", at);
        var symbols = Texts(json, "symbols", at);
        if (symbols.FirstOrDefault(symbol => !AvroName.IsGood(symbol)) is { } bad)
        {
            throw at.Wrong($"'{Shorten(bad)}' is no name of a symbol");
        }

        if (symbols.Distinct(StringComparer.Ordinal).Count() != symbols.Count)
        {
            throw at.Wrong("a symbol is there twice");
        }

        var fallback = Text(json, "default", at);
        if (fallback is not null && !symbols.Contains(fallback))
        {
            throw at.Wrong($"the default '{Shorten(fallback)}' is none of the symbols");
        }

        var result = new AvroEnumeration(name, symbols)
        {
            Aliases = Aliases(json, name, at),
            Doc = Text(json, "doc", at),
            Default = fallback,
            Properties = AvroAttributes.Others(json, "type", "name", "namespace", "aliases", "doc", "symbols", "default"),
        };
        Define(result, at);
        return result;
    }

    private AvroFixed Fixed(JsonElement json, string space, Place at)
    {
        var name = NameOf(json, space, at);
        if (Required(json, "size", at) is not { ValueKind: JsonValueKind.Number } number || !number.TryGetInt32(out var size) || size < 0)
        {
            throw at.Wrong("'size' is no number of bytes");
        }

        var result = new AvroFixed(name, size)
        {
            Aliases = Aliases(json, name, at),
            Doc = Text(json, "doc", at),
            Properties = AvroAttributes.Others(json, "type", "name", "namespace", "aliases", "doc", "size"),
        };
        Define(result, at);
        return result;
    }

    private void Define(AvroNamed type, Place at)
    {
        if (!_names.TryAdd(type.FullName, type))
        {
            throw at.Wrong($"'{type.FullName}' is defined twice");
        }
    }

    private static AvroName NameOf(JsonElement json, string space, Place at)
    {
        var text = Text(json, "name", at) ?? throw at.Wrong("the type has no name");
        var name = AvroName.Of(text, Text(json, "namespace", at) ?? space);
        return AvroName.IsGood(name.Name) && AvroPrimitives.Find(name.FullName) is null ? name : throw at.Wrong($"'{Shorten(text)}' is no name of a type");
    }

    // An alias without a dot is in the namespace of the type that it names.
    private static List<string> Aliases(JsonElement json, AvroName name, Place at) =>
        Texts(json, "aliases", at).ConvertAll(alias => AvroName.Of(alias, name.Namespace).FullName);

    private static JsonElement Required(JsonElement json, string name, Place at) =>
        json.TryGetProperty(name, out var value) ? value : throw at.Wrong($"there is no '{name}'");

    private static string? Text(JsonElement json, string name, Place at) =>
        !json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw at.Wrong($"'{name}' is not a text");

    private static List<string> Texts(JsonElement json, string name, Place at)
    {
        if (!json.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        return list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. list.EnumerateArray().Select(item => item.GetString()!)]
            : throw at.Wrong($"'{name}' is not an array of texts");
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";

    /// <summary>Where in the schema, for messages.</summary>
    private readonly record struct Place(string Path, int Depth)
    {
        public Place In(string step) => new(Path.Length > 400 ? Path : $"{Path}.{step}", Depth + 1);

        public AvroSchemaException Wrong(string problem) => new($"{Path}: {problem}");
    }
}
