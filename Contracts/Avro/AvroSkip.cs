namespace Streaming.Contracts.Avro;

/// <summary>Passes over values that nobody asks for.</summary>
internal static class AvroSkip
{
    public static void Skip(ref AvroReader reader, AvroSchema schema, int depth)
    {
        reader.Enter(depth);
        switch (schema)
        {
            case AvroRecord record:
                foreach (var field in record.Fields)
                {
                    Skip(ref reader, field.Schema, depth + 1);
                }

                break;
            case AvroEnumeration symbols:
                reader.Index(symbols.Symbols.Count);
                break;
            case AvroFixed size:
                reader.Take(size.Size);
                break;
            case AvroUnion union:
                Skip(ref reader, union.Branches[reader.Index(union.Branches.Count)], depth + 1);
                break;
            case AvroArray array:
                SkipBlocks(ref reader, array.Items, hasKeys: false, depth);
                break;
            case AvroMap map:
                SkipBlocks(ref reader, map.Values, hasKeys: true, depth);
                break;
            default:
                SkipPrimitive(ref reader, schema.Type);
                break;
        }
    }

    // A block's length in bytes is not used for a leap: what it leaps over would go unchecked, and a decoder that reads it would judge differently.
    private static void SkipBlocks(ref AvroReader reader, AvroSchema items, bool hasKeys, int depth)
    {
        for (var count = reader.Block(out _); count > 0; count = reader.Block(out _))
        {
            for (; count > 0; count--)
            {
                if (hasKeys)
                {
                    reader.Bytes();
                }

                Skip(ref reader, items, depth + 1);
            }
        }
    }

    private static void SkipPrimitive(ref AvroReader reader, AvroType type)
    {
        switch (type)
        {
            case AvroType.Boolean:
                reader.Boolean();
                break;
            case AvroType.Int:
                reader.Int();
                break;
            case AvroType.Long:
                reader.Long();
                break;
            case AvroType.Float:
                reader.Take(4);
                break;
            case AvroType.Double:
                reader.Take(8);
                break;
            case AvroType.Bytes or AvroType.String:
                reader.Bytes();
                break;
            case AvroType.Null:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "not a primitive");
        }
    }
}
