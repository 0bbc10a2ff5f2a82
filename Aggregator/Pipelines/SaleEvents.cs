using Streaming.Contracts;

namespace Streaming.Aggregator.Pipelines;

/// <summary>A sale as the pipelines over <c>sales</c> see it. Its store is the record's key.</summary>
/// <param name="Amount">In whole units of the store's currency.</param>
public readonly record struct Sale(int Amount);

/// <summary>Decoders of the topic <c>sales</c>.</summary>
public static class SaleEvents
{
    /// <summary>Reads <see cref="StoreSaleJson"/> without allocating.</summary>
    public static readonly EventDecoder<Sale> Json = Decode;

    private static Decoding Decode(in RecordBytes record, out Sale e, out long eventTimeMs)
    {
        var rejection = StoreSaleJson.Decode(record.Key, record.Value, out var amount, out eventTimeMs);
        e = new Sale(amount);
        return rejection == SaleRejection.None ? Decoding.Taken : Decoding.Rejected(rejection.Word(), rejection.Sentence());
    }
}
