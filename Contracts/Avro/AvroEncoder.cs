namespace Streaming.Contracts.Avro;

/// <summary>Writes values, as <see cref="AvroDecoder"/> gives them, in Avro's binary encoding.</summary>
public static class AvroEncoder
{
    /// <summary>The longest encoding that is made, in bytes.</summary>
    public const int MaxLength = 64 * 1024 * 1024;

    /// <summary>The value's bytes.</summary>
    /// <exception cref="AvroDataException">It is no value of the schema, or one of more than <see cref="MaxLength"/> bytes.</exception>
    public static byte[] Encode(AvroSchema schema, object? value)
    {
        var writer = new AvroWriter();
        Write(writer, schema, value, 0);
        return writer.Written.ToArray();
    }

    /// <summary>The value's bytes in Confluent's wire format.</summary>
    /// <param name="id">The schema's id in the registry.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="AvroDataException">It is no value of the schema, or one of more than <see cref="MaxLength"/> bytes.</exception>
    public static byte[] EncodeWire(int id, AvroSchema schema, object? value)
    {
        var writer = new AvroWriter();
        Span<byte> head = stackalloc byte[ConfluentWire.HeadLength];
        ConfluentWire.WriteHead(head, id);
        writer.Raw(head);
        Write(writer, schema, value, 0);
        return writer.Written.ToArray();
    }

    private static void Write(AvroWriter writer, AvroSchema schema, object? value, int depth)
    {
        if (depth > AvroSchema.MaxDepth || writer.Written.Length > MaxLength)
        {
            throw new AvroDataException($"the value is nested deeper than {AvroSchema.MaxDepth}, or longer than {MaxLength} bytes");
        }

        switch (schema, value)
        {
            case (AvroRecord record, AvroRecordValue fields) when fields.Schema.FullName == record.FullName && fields.Values.Count == record.Fields.Count:
                foreach (var field in record.Fields)
                {
                    Write(writer, field.Schema, fields.Values[field.Position], depth + 1);
                }

                break;
            case (AvroEnumeration symbols, AvroSymbol symbol) when symbol.Schema.FullName == symbols.FullName && IndexOf(symbols, symbol.Symbol) is >= 0 and var index:
                writer.Long(index);
                break;
            case (AvroFixed size, AvroFixedValue bytes) when bytes.Schema.FullName == size.FullName && bytes.Bytes.Length == size.Size:
                writer.Raw(bytes.Bytes);
                break;
            case (AvroArray array, IReadOnlyList<object?> items) when value is not byte[]:
                WriteItems(writer, array, items, depth);
                break;
            case (AvroMap map, IReadOnlyDictionary<string, object?> items):
                WriteItems(writer, map, items, depth);
                break;
            case (AvroUnion union, _):
                var branch = BranchOf(union, value);
                writer.Long(branch);
                Write(writer, union.Branches[branch], value, depth + 1);
                break;
            default:
                WritePrimitive(writer, schema, value);
                break;
        }
    }

    private static void WriteItems(AvroWriter writer, AvroArray array, IReadOnlyList<object?> items, int depth)
    {
        if (items.Count > 0)
        {
            writer.Long(items.Count);
            foreach (var item in items)
            {
                Write(writer, array.Items, item, depth + 1);
            }
        }

        writer.Long(0);
    }

    private static void WriteItems(AvroWriter writer, AvroMap map, IReadOnlyDictionary<string, object?> items, int depth)
    {
        if (items.Count > 0)
        {
            writer.Long(items.Count);
            foreach (var (key, item) in items)
            {
                writer.Text(key);
                Write(writer, map.Values, item, depth + 1);
            }
        }

        writer.Long(0);
    }

    private static void WritePrimitive(AvroWriter writer, AvroSchema schema, object? value)
    {
        switch (schema.Type, value)
        {
            case (AvroType.Null, null):
                break;
            case (AvroType.Boolean, bool flag):
                writer.Boolean(flag);
                break;
            case (AvroType.Int, int number):
                writer.Long(number);
                break;
            case (AvroType.Long, long number):
                writer.Long(number);
                break;
            case (AvroType.Float, float number):
                writer.Float(number);
                break;
            case (AvroType.Double, double number):
                writer.Double(number);
                break;
            case (AvroType.Bytes, byte[] bytes):
                writer.Bytes(bytes);
                break;
            case (AvroType.String, string text):
                writer.Text(text);
                break;
            default:
                throw new AvroDataException($"{value?.GetType().Name ?? "null"} is no value of {schema.BranchName}");
        }
    }

    private static int BranchOf(AvroUnion union, object? value)
    {
        for (var i = 0; i < union.Branches.Count; i++)
        {
            if (IsOf(union.Branches[i], value))
            {
                return i;
            }
        }

        throw new AvroDataException($"{value?.GetType().Name ?? "null"} is of no branch of the union");
    }

    // A union has at most one branch for each of these: only named types come more than once, and their values carry the name.
    private static bool IsOf(AvroSchema branch, object? value) => (branch.Type, value) switch
    {
        (AvroType.Null, null) or (AvroType.Boolean, bool) or (AvroType.Int, int) or (AvroType.Long, long) or (AvroType.Float, float)
            or (AvroType.Double, double) or (AvroType.Bytes, byte[]) or (AvroType.String, string) or (AvroType.Map, IReadOnlyDictionary<string, object?>) => true,
        (AvroType.Array, IReadOnlyList<object?>) => true,
        (AvroType.Record, AvroRecordValue record) => record.Schema.FullName == ((AvroNamed)branch).FullName,
        (AvroType.Enum, AvroSymbol symbol) => symbol.Schema.FullName == ((AvroNamed)branch).FullName,
        (AvroType.Fixed, AvroFixedValue bytes) => bytes.Schema.FullName == ((AvroNamed)branch).FullName,
        _ => false,
    };

    private static int IndexOf(AvroEnumeration symbols, string symbol)
    {
        for (var i = 0; i < symbols.Symbols.Count; i++)
        {
            if (symbols.Symbols[i] == symbol)
            {
                return i;
            }
        }

        return -1;
    }
}
