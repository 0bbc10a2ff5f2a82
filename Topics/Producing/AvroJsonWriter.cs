using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Streaming.Contracts.Avro;

namespace Streaming.Topics.Producing;

/// <summary>Writes JSON as Avro in Confluent's wire format, with one schema.</summary>
/// <param name="id">The schema's id in the registry.</param>
internal sealed class AvroJsonWriter(int id, AvroSchema schema) : IPayloadWriter
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = AvroSchema.MaxDepth * 3, AllowDuplicateProperties = false };

    public bool TryWrite(string text, [NotNullWhen(true)] out byte[]? bytes, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            using var json = JsonDocument.Parse(text, Options);
            (bytes, problem) = (AvroEncoder.EncodeWire(id, schema, AvroJsonInput.Read(schema, json.RootElement)), null);
            return true;
        }
        catch (JsonException exception)
        {
            (bytes, problem) = (null, $"no JSON at position {exception.BytePositionInLine}");
            return false;
        }
        catch (AvroDataException exception)
        {
            (bytes, problem) = (null, exception.Message);
            return false;
        }
    }
}
