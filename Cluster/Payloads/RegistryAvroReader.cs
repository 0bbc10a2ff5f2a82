using System.Globalization;
using Streaming.Contracts.Avro;
using Streaming.Contracts.SchemaRegistry;

namespace Streaming.Cluster.Payloads;

/// <summary>Reads Avro by schemas from a registry. While the registry does not answer it is left alone for a moment, so that a page of messages does not wait for each.</summary>
public sealed class RegistryAvroReader(SchemaRegistryClient registry, TimeProvider time) : IAvroReader
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private volatile Failure? _failure;

    /// <inheritdoc/>
    public async ValueTask<AvroText> ReadAsync(ReadOnlyMemory<byte> wire, CancellationToken cancellationToken)
    {
        if (!ConfluentWire.TryRead(wire.Span, out var id, out _))
        {
            return new AvroText(null, "no zero byte and schema id in front");
        }

        if (_failure is { } failure && time.GetElapsedTime(failure.At) < Rest)
        {
            return new AvroText(null, failure.Message);
        }

        RegisteredSchema? schema;
        try
        {
            schema = await registry.FindAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (SchemaRegistryException exception)
        {
            _failure = new Failure(exception.Message, time.GetTimestamp());
            return new AvroText(null, exception.Message);
        }

        return Read(wire, id, schema);
    }

    private static AvroText Read(ReadOnlyMemory<byte> wire, int id, RegisteredSchema? schema)
    {
        var number = id.ToString(CultureInfo.InvariantCulture);
        if (schema?.Avro is not { } avro)
        {
            return new AvroText(null, schema is null ? $"the registry knows no schema {number}" : $"schema {number}: {schema.Problem}");
        }

        try
        {
            var json = AvroJson.ToJson(avro, wire.Span[ConfluentWire.HeadLength..]);
            return new AvroText(json, avro is AvroNamed named ? $"schema {number}, {named.FullName}" : $"schema {number}");
        }
        catch (AvroDataException exception)
        {
            return new AvroText(null, $"schema {number}: {exception.Message}");
        }
    }

    private sealed record Failure(string Message, long At);
}
