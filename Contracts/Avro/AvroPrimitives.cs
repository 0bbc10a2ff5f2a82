namespace Streaming.Contracts.Avro;

/// <summary>The types without parts, one object of each.</summary>
internal static class AvroPrimitives
{
    private static readonly Dictionary<string, AvroPrimitive> All = Enumerable.Range((int)AvroType.Null, (int)AvroType.String + 1)
        .Select(type => new AvroPrimitive((AvroType)type)).ToDictionary(schema => AvroSchema.Word(schema.Type), StringComparer.Ordinal);

    public static AvroPrimitive? Find(string name) => All.GetValueOrDefault(name);
}
