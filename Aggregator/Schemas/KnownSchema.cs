using System.Collections.Concurrent;
using Streaming.Contracts.Avro;
using Streaming.Contracts.SchemaRegistry;

namespace Streaming.Aggregator.Schemas;

/// <summary>What the registry has said of an id. It does not change any more.</summary>
public sealed class KnownSchema
{
    private readonly ConcurrentDictionary<Type, object> _prepared = new();

    internal KnownSchema(RegisteredSchema? schema) => Schema = schema;

    /// <summary>The schema; null when the registry knows none of this id.</summary>
    public RegisteredSchema? Schema { get; }

    /// <summary>What a decoder makes of the schema, made once.</summary>
    /// <param name="prepare">Makes it. Only for a schema that is Avro and can be read.</param>
    public T Prepared<T>(Func<AvroSchema, T> prepare)
        where T : class =>
        _prepared.TryGetValue(typeof(T), out var prepared) ? (T)prepared : (T)_prepared.GetOrAdd(typeof(T), _ => prepare(Schema!.Avro!));
}
