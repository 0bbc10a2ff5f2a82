namespace Streaming.Contracts.Avro;

/// <summary>How one value of a writer's schema becomes one of a reader's.</summary>
internal abstract class AvroReading
{
    public object? Read(ref AvroReader reader, int depth)
    {
        reader.Enter(depth);
        return ReadValue(ref reader, depth);
    }

    protected abstract object? ReadValue(ref AvroReader reader, int depth);
}

/// <summary>A writer's primitive, as it is or promoted.</summary>
internal sealed class PrimitiveReading(AvroType from, AvroType to) : AvroReading
{
    protected override object? ReadValue(ref AvroReader reader, int depth) => (from, to) switch
    {
        (AvroType.Null, _) => null,
        (AvroType.Boolean, _) => reader.Boolean(),
        (AvroType.Int, AvroType.Long) => (long)reader.Int(),
        (AvroType.Int, AvroType.Float) => (float)reader.Int(),
        (AvroType.Int, AvroType.Double) => (double)reader.Int(),
        (AvroType.Int, _) => reader.Int(),
        (AvroType.Long, AvroType.Float) => (float)reader.Long(),
        (AvroType.Long, AvroType.Double) => (double)reader.Long(),
        (AvroType.Long, _) => reader.Long(),
        (AvroType.Float, AvroType.Double) => (double)reader.Float(),
        (AvroType.Float, _) => reader.Float(),
        (AvroType.Double, _) => reader.Double(),
        (_, AvroType.Bytes) => reader.Bytes().ToArray(),
        _ => reader.Text(),
    };
}

/// <summary>A value that cannot be resolved. It is an error only when such a value comes.</summary>
internal sealed class ImpossibleReading(string problem) : AvroReading
{
    protected override object? ReadValue(ref AvroReader reader, int depth) => throw new AvroDataException(problem);
}

/// <summary>The writer's fields in their order, each into its place or passed over; the rest from defaults.</summary>
internal sealed class RecordReading(AvroRecord result) : AvroReading
{
    /// <summary>For each field of the writer: its place in the result, and how it is read; or its schema, to be passed over.</summary>
    public List<(int Position, AvroReading? Reading, AvroSchema Written)> Fields { get; } = [];

    /// <summary>Fields that the writer does not have.</summary>
    public List<AvroField> Missing { get; } = [];

    protected override object? ReadValue(ref AvroReader reader, int depth)
    {
        var values = new object?[result.Fields.Count];
        foreach (var (position, reading, written) in Fields)
        {
            if (reading is null)
            {
                AvroSkip.Skip(ref reader, written, depth + 1);
            }
            else
            {
                values[position] = reading.Read(ref reader, depth + 1);
            }
        }

        foreach (var field in Missing)
        {
            values[field.Position] = field.HasDefault ? field.Default
                : throw new AvroDataException($"'{result.FullName}' needs '{field.Name}', which was not written and has no default");
        }

        return new AvroRecordValue(result, values);
    }
}

/// <summary>A writer's symbol as the reader's of the same name, or its default.</summary>
internal sealed class EnumReading(AvroEnumeration written, AvroEnumeration result) : AvroReading
{
    private readonly AvroSymbol?[] _symbols =
        [.. written.Symbols.Select(symbol => result.Symbols.Contains(symbol) ? symbol : result.Default).Select(symbol => symbol is null ? null : new AvroSymbol(result, symbol))];

    protected override object? ReadValue(ref AvroReader reader, int depth)
    {
        var index = reader.Index(_symbols.Length);
        return _symbols[index] ?? throw new AvroDataException($"'{result.FullName}' does not know the symbol '{written.Symbols[index]}' and has no default");
    }
}

internal sealed class FixedReading(AvroFixed result) : AvroReading
{
    protected override object? ReadValue(ref AvroReader reader, int depth) => new AvroFixedValue(result, reader.Take(result.Size).ToArray());
}

internal sealed class ArrayReading : AvroReading
{
    public AvroReading? Items { get; set; }

    protected override object? ReadValue(ref AvroReader reader, int depth)
    {
        List<object?> items = [];
        for (var count = reader.Block(out _); count > 0; count = reader.Block(out _))
        {
            for (; count > 0; count--)
            {
                items.Add(Items!.Read(ref reader, depth + 1));
            }
        }

        return items;
    }
}

internal sealed class MapReading : AvroReading
{
    public AvroReading? Values { get; set; }

    protected override object? ReadValue(ref AvroReader reader, int depth)
    {
        Dictionary<string, object?> items = new(StringComparer.Ordinal);
        for (var count = reader.Block(out _); count > 0; count = reader.Block(out _))
        {
            for (; count > 0; count--)
            {
                var key = reader.Text();
                items[key] = Values!.Read(ref reader, depth + 1);
            }
        }

        return items;
    }
}

/// <summary>The branch that the writer chose.</summary>
internal sealed class UnionReading : AvroReading
{
    public List<AvroReading> Branches { get; } = [];

    protected override object? ReadValue(ref AvroReader reader, int depth) => Branches[reader.Index(Branches.Count)].Read(ref reader, depth + 1);
}
