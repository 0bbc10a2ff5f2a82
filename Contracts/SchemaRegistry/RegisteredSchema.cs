using Streaming.Contracts.Avro;

namespace Streaming.Contracts.SchemaRegistry;

/// <summary>A schema as the registry knows it.</summary>
/// <param name="Id">Its id, unique in the registry.</param>
/// <param name="Type">Its language: <c>AVRO</c>, <c>JSON</c>, <c>PROTOBUF</c>.</param>
/// <param name="Text">Its text.</param>
/// <param name="Avro">The schema; null where it is none of Avro's, or cannot be read here.</param>
/// <param name="Problem">Why it cannot be read here; null where it can.</param>
public sealed record RegisteredSchema(int Id, string Type, string Text, AvroSchema? Avro, string? Problem)
{
    /// <summary>Avro's word in the registry.</summary>
    public const string AvroType = "AVRO";

    /// <summary>Reads the text.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="type">Its language; null for Avro.</param>
    /// <param name="text">Its text.</param>
    /// <param name="hasReferences">Whether it refers to other schemas of the registry.</param>
    public static RegisteredSchema Of(int id, string? type, string text, bool hasReferences)
    {
        type ??= AvroType;
        if (type != AvroType || hasReferences)
        {
            var problem = hasReferences ? "it refers to other schemas, which is not supported" : $"schemas of type {type} are not supported";
            return new RegisteredSchema(id, type, text, null, problem);
        }

        try
        {
            return new RegisteredSchema(id, type, text, AvroSchema.Parse(text, checksDefaults: false), null);
        }
        catch (AvroSchemaException e)
        {
            return new RegisteredSchema(id, type, text, null, e.Message);
        }
    }
}
