using System.Text;
using Streaming.Aggregator.Enrichment;
using Streaming.Aggregator.Schemas;
using Streaming.Contracts;
using Streaming.Contracts.Avro;

namespace Streaming.Aggregator.Pipelines;

/// <summary>A sale as the pipelines over <c>sales</c> see it.</summary>
/// <param name="Store">The store's id, which is the record's key: UTF-8 bytes.</param>
/// <param name="Amount">In whole units of the store's currency.</param>
public readonly record struct Sale(ReadOnlyMemory<byte> Store, int Amount);

/// <summary>What a join with the topic <c>stores</c> takes over, as UTF-8 bytes.</summary>
public sealed record StoreWords(ReadOnlyMemory<byte> City, ReadOnlyMemory<byte> Country, ReadOnlyMemory<byte> Currency)
{
    /// <summary>Reads a record of <c>stores</c>.</summary>
    public static StoreWords? Decode(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, out string? problem)
    {
        if (StoreJson.TryDecode(value, out problem) is not { } store)
        {
            return null;
        }

        if (!Encoding.UTF8.GetBytes(store.StoreId).AsSpan().SequenceEqual(key))
        {
            problem = "its key is not its store_id";
            return null;
        }

        return new StoreWords(Encoding.UTF8.GetBytes(store.City), Encoding.UTF8.GetBytes(store.Country), Encoding.UTF8.GetBytes(store.Currency));
    }
}

/// <summary>How the topics of sales are read and written. Nothing here makes an object for each record but the enriched record's bytes.</summary>
public static class SaleEvents
{
    /// <summary>Sales as JSON: <see cref="StoreSaleJson"/>.</summary>
    public static readonly EventDecoder<Sale> Json = Decode;

    /// <summary>
    /// The topic <c>sales</c>: Avro in Confluent's wire format, whose first byte is zero, or JSON, which cannot begin so. A topic may hold both, and Avro of several
    /// schemas.
    /// </summary>
    public static readonly EventDecoder<Sale> Any = DecodeAny;

    /// <summary>The topic <c>sales-enriched</c>: <see cref="EnrichedSaleJson"/>.</summary>
    public static readonly EventCodec<EnrichedSale> Enriched = new(sale => EnrichedSaleJson.Encode(sale), DecodeEnriched);

    private static Decoding Decode(in RecordBytes record, out Sale e, out long eventTimeMs)
    {
        var rejection = StoreSaleJson.Decode(record.Key, record.Value, out var amount, out eventTimeMs);
        e = new Sale(record.Key, amount);
        return rejection == SaleRejection.None ? Decoding.Taken : Rejected(rejection);
    }

    private static Decoding DecodeAny(in RecordBytes record, out Sale e, out long eventTimeMs)
    {
        if (!ConfluentWire.IsWire(record.Value))
        {
            return Decode(record, out e, out eventTimeMs);
        }

        (e, eventTimeMs) = (new Sale(record.Key, 0), 0);
        if (record.Schemas is not { } schemas)
        {
            return Rejected(SaleRejection.NoRegistry);
        }

        if (!ConfluentWire.TryRead(record.Value, out var id, out var data))
        {
            return Rejected(SaleRejection.Malformed);
        }

        // Registries count from 1; what one would say of other numbers is not asked.
        return id < 1 ? UnknownSchema(id)
            : !schemas.TryFind(id, out var schema) ? Decoding.Awaits(id)
            : schema.Schema is null ? UnknownSchema(id)
            : DecodeAvro(record, schema, data, ref e, out eventTimeMs);
    }

    private static Decoding DecodeAvro(in RecordBytes record, KnownSchema schema, ReadOnlySpan<byte> data, ref Sale e, out long eventTimeMs)
    {
        eventTimeMs = 0;
        if (schema.Schema!.Avro is null)
        {
            return Unfit(schema.Schema.Id, schema.Schema.Problem!);
        }

        var projection = schema.Prepared(static avro => new SaleProjection(avro));
        if (projection.Problem is { } problem)
        {
            return Unfit(schema.Schema.Id, problem);
        }

        var rejection = projection.Decode(record.Key, data, out var amount, out eventTimeMs);
        e = new Sale(record.Key, amount);
        return rejection == SaleRejection.None ? Decoding.Taken : Rejected(rejection);
    }

    private static Decoding UnknownSchema(int id) =>
        Decoding.Rejected(SaleRejection.UnknownSchema.Word(), $"the value is Avro with schema {id}, which the registry does not know");

    private static Decoding Unfit(int id, string problem) =>
        Decoding.Rejected(SaleRejection.UnfitSchema.Word(), $"the value is Avro with schema {id}, of which no sale can be read: {problem}");

    private static Decoding Rejected(SaleRejection rejection) => Decoding.Rejected(rejection.Word(), rejection.Sentence());

    private static Decoding DecodeEnriched(in RecordBytes record, out EnrichedSale e, out long eventTimeMs)
    {
        var problem = EnrichedSaleJson.Decode(record.Value, out e);
        eventTimeMs = e.Time.ToUnixTimeMilliseconds();
        return problem is null ? Decoding.Taken : Decoding.Rejected("malformed", problem);
    }
}
