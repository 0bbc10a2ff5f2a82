namespace Streaming.Contracts.Avro;

/// <summary>Which of the reader's types and fields stand for which of the writer's.</summary>
internal static class AvroMatch
{
    /// <summary>Whether values of one type can be read as another, as far as the types themselves say: their parts are looked at separately.</summary>
    public static bool IsMatch(AvroSchema writer, AvroSchema reader) => (writer, reader) switch
    {
        (AvroFixed from, AvroFixed to) => from.Size == to.Size && IsSameName(from, to),
        (AvroNamed from, AvroNamed to) => from.Type == to.Type && IsSameName(from, to),
        _ => writer.Type == reader.Type || IsPromotion(writer.Type, reader.Type),
    };

    /// <summary>Whether the specification lets one primitive be read as another.</summary>
    public static bool IsPromotion(AvroType from, AvroType to) => (from, to) is
        (AvroType.Int, AvroType.Long or AvroType.Float or AvroType.Double)
        or (AvroType.Long, AvroType.Float or AvroType.Double)
        or (AvroType.Float, AvroType.Double)
        or (AvroType.String, AvroType.Bytes)
        or (AvroType.Bytes, AvroType.String);

    /// <summary>Names are compared without their namespaces; an alias is a full name.</summary>
    public static bool IsSameName(AvroNamed writer, AvroNamed reader) => writer.Name == reader.Name || reader.Aliases.Contains(writer.FullName);

    /// <summary>The branch of a reader's union for a writer's type: the same type before one that merely will do; null for none.</summary>
    public static AvroSchema? Branch(AvroSchema writer, AvroUnion reader) =>
        reader.Branches.FirstOrDefault(branch => IsMatch(writer, branch) && IsExact(writer, branch)) ?? reader.Branches.FirstOrDefault(branch => IsMatch(writer, branch));

    /// <summary>The writer's field for one of the reader's: of the same name, or of an alias; null for none.</summary>
    public static AvroField? Written(AvroRecord writer, AvroField reader) =>
        writer.Field(reader.Name) ?? reader.Aliases.Select(writer.Field).FirstOrDefault(field => field is not null);

    private static bool IsExact(AvroSchema writer, AvroSchema reader) =>
        writer.Type == reader.Type && (writer is not AvroNamed from || from.FullName == ((AvroNamed)reader).FullName);
}
