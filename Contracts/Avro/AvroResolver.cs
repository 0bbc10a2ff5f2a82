namespace Streaming.Contracts.Avro;

/// <summary>Finds out once, for a pair of schemas, how values are read. Pairs of records are remembered, so that schemas may refer to themselves.</summary>
internal sealed class AvroResolver
{
    private const int MostPairs = 100_000;

    private readonly Dictionary<(AvroSchema Writer, AvroSchema Reader), AvroReading> _known = [];

    public AvroReading Resolve(AvroSchema writer, AvroSchema reader, int depth = 0)
    {
        if (_known.TryGetValue((writer, reader), out var known))
        {
            return known;
        }

        if (depth > AvroSchema.MaxDepth || _known.Count >= MostPairs)
        {
            return new ImpossibleReading("the schemas are nested too deep");
        }

        return (writer, reader) switch
        {
            (AvroUnion union, _) => Union(union, reader, depth),
            (_, AvroUnion union) => AvroMatch.Branch(writer, union) is { } branch
                ? Resolve(writer, branch, depth + 1)
                : new ImpossibleReading($"a {writer.BranchName} was written, which is none of the reader's union"),
            _ when !AvroMatch.IsMatch(writer, reader) => new ImpossibleReading($"a {writer.BranchName} was written where a {reader.BranchName} is to be read"),
            (AvroRecord from, AvroRecord to) => Record(from, to, depth),
            (AvroEnumeration from, AvroEnumeration to) => new EnumReading(from, to),
            (AvroFixed, AvroFixed to) => new FixedReading(to),
            (AvroArray from, AvroArray to) => Array(from, to, depth),
            (AvroMap from, AvroMap to) => Map(from, to, depth),
            _ => new PrimitiveReading(writer.Type, reader.Type),
        };
    }

    private UnionReading Union(AvroUnion writer, AvroSchema reader, int depth)
    {
        var reading = Remember(writer, reader, new UnionReading());
        reading.Branches.AddRange(writer.Branches.Select(branch => Resolve(branch, reader, depth + 1)));
        return reading;
    }

    private RecordReading Record(AvroRecord writer, AvroRecord reader, int depth)
    {
        var reading = Remember(writer, reader, new RecordReading(reader));
        var source = reader.Fields.ToDictionary(field => field, field => AvroMatch.Written(writer, field));
        foreach (var written in writer.Fields)
        {
            // A field that two of the reader's go by is read for the first; the other is missing.
            var field = reader.Fields.FirstOrDefault(field => source[field] == written);
            reading.Fields.Add((field?.Position ?? 0, field is null ? null : Resolve(written.Schema, field.Schema, depth + 1), written.Schema));
        }

        var found = writer.Fields.Select(written => reader.Fields.FirstOrDefault(field => source[field] == written)).ToHashSet();
        reading.Missing.AddRange(reader.Fields.Where(field => !found.Contains(field)));
        return reading;
    }

    private ArrayReading Array(AvroArray writer, AvroArray reader, int depth)
    {
        var reading = Remember(writer, reader, new ArrayReading());
        reading.Items = Resolve(writer.Items, reader.Items, depth + 1);
        return reading;
    }

    private MapReading Map(AvroMap writer, AvroMap reader, int depth)
    {
        var reading = Remember(writer, reader, new MapReading());
        reading.Values = Resolve(writer.Values, reader.Values, depth + 1);
        return reading;
    }

    private T Remember<T>(AvroSchema writer, AvroSchema reader, T reading)
        where T : AvroReading
    {
        _known[(writer, reader)] = reading;
        return reading;
    }
}
