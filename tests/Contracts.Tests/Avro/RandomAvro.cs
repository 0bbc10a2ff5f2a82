using System.Globalization;
using Streaming.Contracts.Avro;

namespace Streaming.Contracts.Tests.Avro;

/// <summary>Schemas and values of them, made from a seed.</summary>
internal sealed class RandomAvro(int seed)
{
    private static readonly string[] Primitives = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"];

    private readonly Random _random = new(seed);
    private readonly List<string> _records = [];
    private int _names;

    /// <summary>A schema's JSON: any type, a few levels deep, now and then with a record that holds itself.</summary>
    public string Schema() => Schema(4);

    /// <summary>A value of a schema.</summary>
    public object? Value(AvroSchema schema) => Value(schema, 5);

    /// <summary>
    /// A schema that may have become of another: types promoted, fields added, dropped, reordered and renamed, unions widened, and sometimes what cannot be read.
    /// </summary>
    public string Changed(AvroSchema schema) => Changed(schema, []);

    private string Schema(int depth)
    {
        var kind = _random.Next(depth <= 0 ? 8 : 15);
        return kind switch
        {
            < 8 => $"\"{Primitives[kind]}\"",
            8 => $$"""{"type":"array","items":{{Schema(depth - 1)}}}""",
            9 => $$"""{"type":"map","values":{{Schema(depth - 1)}}}""",
            10 => $$"""{"type":"enum","name":"{{NewName("E")}}","symbols":["A","B","C"]}""",
            11 => $$"""{"type":"fixed","name":"{{NewName("F")}}","size":{{_random.Next(5)}}}""",
            12 => Union(depth),
            _ => Record(depth),
        };
    }

    private string Union(int depth)
    {
        var branches = Primitives.OrderBy(_ => _random.Next()).Take(_random.Next(1, 4)).Select(primitive => $"\"{primitive}\"").ToList();
        if (depth > 1 && _random.Next(2) == 0)
        {
            branches.Insert(_random.Next(branches.Count), Record(depth - 1));
        }

        return $"[{string.Join(',', branches)}]";
    }

    private string Record(int depth)
    {
        var name = NewName("R");
        _records.Add(name);
        var fields = Enumerable.Range(0, _random.Next(5)).Select(i => $$"""{"name":"f{{i}}","type":{{Schema(depth - 1)}}}""").ToList();
        if (_random.Next(3) == 0)
        {
            fields.Add($$"""{"name":"next","type":["null","{{name}}"],"default":null}""");
        }

        return $$"""{"type":"record","name":"{{name}}","fields":[{{string.Join(',', fields)}}]}""";
    }

    private string NewName(string letter) => $"{(_random.Next(2) == 0 ? "a.b." : "")}{letter}{_names++}";

    private object? Value(AvroSchema schema, int depth) => schema switch
    {
        AvroRecord record => new AvroRecordValue(record, [.. record.Fields.Select(field => Value(field.Schema, depth - 1))]),
        AvroEnumeration symbols => new AvroSymbol(symbols, symbols.Symbols[_random.Next(symbols.Symbols.Count)]),
        AvroFixed size => new AvroFixedValue(size, Bytes(size.Size)),
        AvroArray array => Enumerable.Range(0, depth <= 0 ? 0 : _random.Next(4)).Select(_ => Value(array.Items, depth - 1)).ToList(),
        AvroMap map => Enumerable.Range(0, depth <= 0 ? 0 : _random.Next(4)).ToDictionary(i => $"k{i}é", _ => Value(map.Values, depth - 1)),
        AvroUnion union => Value(union.Branches[depth <= 0 ? 0 : _random.Next(union.Branches.Count)], depth - 1),
        _ => Primitive(schema.Type),
    };

    private object? Primitive(AvroType type) => type switch
    {
        AvroType.Null => null,
        AvroType.Boolean => _random.Next(2) == 0,
        AvroType.Int => (int)Number(),
        AvroType.Long => Number(),
        AvroType.Float => _random.Next(10) == 0 ? float.NaN : (float)(_random.NextDouble() * 1e6),
        AvroType.Double => _random.Next(10) == 0 ? double.NegativeInfinity : _random.NextDouble() * 1e100,
        AvroType.Bytes => Bytes(_random.Next(20)),
        _ => string.Concat(Enumerable.Range(0, _random.Next(12)).Select(_ => "aé中😀")),
    };

    private long Number() => (_random.NextInt64() >> _random.Next(64)) * (_random.Next(2) == 0 ? 1 : -1);

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private string Changed(AvroSchema schema, HashSet<string> written)
    {
        if (schema is AvroNamed named && !written.Add(named.FullName))
        {
            return $"\"{named.FullName}\"";
        }

        return schema switch
        {
            AvroRecord record => Changed(record, written),
            AvroEnumeration symbols => $$"""{"type":"enum","name":"{{symbols.FullName}}","symbols":[{{Symbols(symbols)}}]{{(_random.Next(2) == 0 ? ",\"default\":\"A\"" : "")}}}""",
            AvroFixed size => $$"""{"type":"fixed","name":"{{size.FullName}}","size":{{size.Size + (_random.Next(8) == 0 ? 1 : 0)}}}""",
            AvroArray array => $$"""{"type":"array","items":{{Changed(array.Items, written)}}}""",
            AvroMap map => $$"""{"type":"map","values":{{Changed(map.Values, written)}}}""",
            AvroUnion union => Changed(union, written),
            _ => $"\"{Promoted(AvroSchemaWord(schema.Type))}\"",
        };
    }

    private string Changed(AvroUnion union, HashSet<string> written)
    {
        var branches = union.Branches.Where(_ => _random.Next(8) > 0).Select(branch => Changed(branch, written)).Distinct().ToList();
        foreach (var primitive in Primitives.Select(primitive => $"\"{primitive}\"").Where(primitive => !branches.Contains(primitive) && _random.Next(6) == 0))
        {
            branches.Insert(_random.Next(branches.Count + 1), primitive);
        }

        return $"[{string.Join(',', branches)}]";
    }

    private string Changed(AvroRecord record, HashSet<string> written)
    {
        var fields = record.Fields.Where(_ => _random.Next(6) > 0).Select(field => Changed(field, written)).ToList();
        if (_random.Next(2) == 0)
        {
            fields.Add("""{"name":"added","type":"int","default":7}""");
        }

        if (_random.Next(8) == 0)
        {
            fields.Add("""{"name":"needed","type":"int"}""");
        }

        // References come after definitions only in this order, so only records without parts are shuffled.
        if (!fields.Exists(field => field.Contains("\"fields\"", StringComparison.Ordinal) || field.Contains("next", StringComparison.Ordinal)
            || field.Contains("\"name\":\"a.b", StringComparison.Ordinal) || field.Contains("\"symbols\"", StringComparison.Ordinal) || field.Contains("\"size\"", StringComparison.Ordinal)))
        {
            fields = [.. fields.OrderBy(_ => _random.Next())];
        }

        return $$"""{"type":"record","name":"{{record.FullName}}","fields":[{{string.Join(',', fields)}}]}""";
    }

    private string Changed(AvroField field, HashSet<string> written) => _random.Next(6) == 0
        ? $$"""{"name":"{{field.Name}}_new","aliases":["{{field.Name}}"],"type":{{Changed(field.Schema, written)}}}"""
        : $$"""{"name":"{{field.Name}}","type":{{Changed(field.Schema, written)}}}""";

    private string Symbols(AvroEnumeration symbols) =>
        string.Join(',', symbols.Symbols.Where(symbol => symbol == "A" || _random.Next(6) > 0).Append("D").Select(symbol => $"\"{symbol}\""));

    private string Promoted(string type) => (type, _random.Next(6)) switch
    {
        ("int", 0) => "long",
        ("int", 1) => "double",
        ("long", 0) => "float",
        ("float", 0) => "double",
        ("string", 0) => "bytes",
        ("bytes", 0) => "string",
        (_, 5) => Primitives[_random.Next(Primitives.Length)],
        _ => type,
    };

    private static string AvroSchemaWord(AvroType type) => type.ToString().ToLower(CultureInfo.InvariantCulture);
}
