using System.Globalization;
using Streaming.Cluster;
using Streaming.Cluster.Payloads;
using Streaming.Contracts.Avro;
using Streaming.Contracts.SchemaRegistry;
using Streaming.Topics.Connecting;

namespace Streaming.Topics.Producing;

/// <summary>Makes what writes keys and values.</summary>
internal static class PayloadWriters
{
    /// <param name="schema">For Avro: the number of a registered schema, or a file with one, which is registered.</param>
    /// <param name="subject">Under which a file's schema is registered.</param>
    /// <param name="option">The option that named the format; with <c>-schema</c> in place of <c>-format</c> the one that names the schema.</param>
    /// <exception cref="UsageException">The options do not fit together.</exception>
    /// <exception cref="ClusterException">The registry cannot be asked, knows no such schema or refuses it.</exception>
    public static async Task<IPayloadWriter> CreateAsync(PayloadFormat format, string? schema, string subject, string option, Connection connection, CancellationToken cancellationToken)
    {
        var schemaOption = option.Replace("-format", "-schema", StringComparison.Ordinal);
        if (format.Value is { } value)
        {
            return schema is null ? new FormatWriter(value) : throw new UsageException($"{schemaOption} goes with {option} avro.");
        }

        if (format != PayloadFormat.Avro)
        {
            throw new UsageException($"{option}: a record cannot be written as '{format.Name}'.");
        }

        if (schema is null)
        {
            throw new UsageException($"{option} avro needs {schemaOption}: the number of a registered schema, or a file (.avsc).");
        }

        using var registry = connection.OpenRegistry() ?? throw new UsageException($"{option} avro needs --schema-registry.");
        try
        {
            return int.TryParse(schema, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                ? Known(await registry.FindAsync(id, cancellationToken), id)
                : await RegisteredAsync(registry, subject, schema, cancellationToken);
        }
        catch (Exception exception) when (exception is SchemaRegistryException or SchemaRefusedException)
        {
            throw new ClusterException(exception is SchemaRefusedException ? ClusterFailure.Refused : ClusterFailure.Unreachable, exception.Message, exception);
        }
    }

    private static AvroJsonWriter Known(RegisteredSchema? schema, int id) =>
        schema?.Avro is { } avro ? new AvroJsonWriter(id, avro)
        : throw new ClusterException(ClusterFailure.NotFound, schema is null ? $"The schema registry knows no schema {id}." : $"Schema {id}: {schema.Problem}.");

    private static async Task<IPayloadWriter> RegisteredAsync(SchemaRegistryClient registry, string subject, string file, CancellationToken cancellationToken)
    {
        try
        {
            var schema = AvroSchema.Parse(await File.ReadAllTextAsync(file, cancellationToken));
            return new AvroJsonWriter(await registry.RegisterAsync(subject, schema, cancellationToken), schema);
        }
        catch (AvroSchemaException exception)
        {
            throw new UsageException($"'{file}': {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{file}' cannot be read: {exception.Message}");
        }
    }
}
