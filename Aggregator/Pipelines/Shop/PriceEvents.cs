using System.Text;
using Streaming.Aggregator.Enrichment;
using Streaming.Contracts.Shop;

namespace Streaming.Aggregator.Pipelines.Shop;

/// <summary>A price change as the stage before the windows sees it.</summary>
/// <param name="Key">The product's id, which is the record's key: UTF-8 bytes.</param>
/// <param name="Change">What changed.</param>
public readonly record struct KeyedPrice(ReadOnlyMemory<byte> Key, PriceChange Change);

/// <summary>How the topics of the shop are read and written.</summary>
public static class PriceEvents
{
    /// <summary>The topic <c>prices</c>: <see cref="PriceChangeJson"/>.</summary>
    public static readonly EventDecoder<KeyedPrice> Json = Decode;

    /// <summary>The topic <c>prices-enriched</c>: <see cref="EnrichedPriceJson"/>. A price in another currency than its product's is rejected: no window can compare it.</summary>
    public static readonly EventCodec<EnrichedPrice> Enriched = new(price => EnrichedPriceJson.Encode(price), DecodeEnriched);

    /// <summary>The topic <c>products</c>: <see cref="ProductJson"/>.</summary>
    public static Product? DecodeProduct(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, out string? problem)
    {
        var product = ProductJson.TryDecode(value, out problem);
        if (product is not null && !Encoding.UTF8.GetBytes(product.ProductId).AsSpan().SequenceEqual(key))
        {
            problem = "its key is not its product_id";
            return null;
        }

        return product;
    }

    private static Decoding Decode(in RecordBytes record, out KeyedPrice e, out long eventTimeMs)
    {
        var problem = PriceChangeJson.Decode(record.Key, record.Value, out var change);
        e = new KeyedPrice(record.Key, change);
        eventTimeMs = change.ChangedAt.ToUnixTimeMilliseconds();
        return problem is null ? Decoding.Taken : Decoding.Rejected(problem.Word, problem.Sentence);
    }

    private static Decoding DecodeEnriched(in RecordBytes record, out EnrichedPrice e, out long eventTimeMs)
    {
        var problem = EnrichedPriceJson.Decode(record.Value, out e) ?? (e.IsForeign ? PriceProblem.ForeignCurrency : null);
        eventTimeMs = e.Change.ChangedAt.ToUnixTimeMilliseconds();
        return problem is null ? Decoding.Taken : Decoding.Rejected(problem.Word, problem.Sentence);
    }
}
