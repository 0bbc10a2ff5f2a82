using System.Text;
using System.Text.Json;

namespace Streaming.Contracts.Shop;

/// <summary>
/// <see cref="PriceChange"/> as JSON: <c>{"product_id":"desk-lamp","price_minor":4990,"previous_minor":5490,"currency":"EUR","changed_at":1767225600000}</c>.
/// Fields may come in any order; unknown ones are passed over; of a field that comes twice the last counts.
/// </summary>
public static class PriceChangeJson
{
    /// <summary>The change's JSON as UTF-8 bytes.</summary>
    public static byte[] Encode(in PriceChange change) => JsonSerializer.SerializeToUtf8Bytes(
        new PriceChangeFields(change.ProductId, change.PriceMinor, change.PreviousMinor, change.Currency, change.ChangedAt.ToUnixTimeMilliseconds()),
        ShopJson.Default.PriceChangeFields);

    /// <summary>Reads a record and checks it against its key.</summary>
    /// <returns>What is wrong with it; null when <paramref name="change"/> is a price change.</returns>
    public static PriceProblem? Decode(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, out PriceChange change)
    {
        change = default;
        if (value.IsEmpty)
        {
            return PriceProblem.NoValue;
        }

        try
        {
            return JsonSerializer.Deserialize(value, ShopJson.Default.PriceChangeFields) is { } fields ? Check(key, fields, out change) : PriceProblem.Malformed;
        }
        catch (JsonException)
        {
            return PriceProblem.Malformed;
        }
    }

    private static PriceProblem? Check(ReadOnlySpan<byte> key, PriceChangeFields fields, out PriceChange change)
    {
        change = default;
        if (fields is not { ProductId: { } id, PriceMinor: { } price, Currency: { } currency, ChangedAt: { } at })
        {
            return PriceProblem.MissingField;
        }

        if (PriceFieldChecks.Find(id, price, fields.PreviousMinor, currency, at) is { } problem)
        {
            return problem;
        }

        if (key.IsEmpty)
        {
            return PriceProblem.NoKey;
        }

        if (!Encoding.UTF8.GetBytes(id).AsSpan().SequenceEqual(key))
        {
            return PriceProblem.KeyMismatch;
        }

        change = new PriceChange(id, price, fields.PreviousMinor, currency, DateTimeOffset.FromUnixTimeMilliseconds(at));
        return null;
    }
}

/// <summary>The fields as they stand in the record, checked by nobody yet.</summary>
internal sealed record PriceChangeFields(string? ProductId, long? PriceMinor, long? PreviousMinor, string? Currency, long? ChangedAt);

/// <summary>What holds of every price, enriched or not.</summary>
internal static class PriceFieldChecks
{
    public static PriceProblem? Find(string id, long price, long? previous, string currency, long changedAt) =>
        !IsGoodId(id) ? PriceProblem.BadProductId
        : price < 0 || previous < 0 ? PriceProblem.NegativePrice
        : price > PriceChange.MaxPriceMinor || previous > PriceChange.MaxPriceMinor ? PriceProblem.AbsurdPrice
        : !ShopCurrencies.IsKnown(currency) ? PriceProblem.UnknownCurrency
        : changedAt is < 0 or > PriceChange.MaxTimestamp ? PriceProblem.BadTimestamp
        : null;

    // Longer texts are not measured in bytes: a character has at least one.
    private static bool IsGoodId(string id) =>
        id.Length is > 0 and <= PriceChange.MaxProductIdBytes && Encoding.UTF8.GetByteCount(id) <= PriceChange.MaxProductIdBytes && !id.Contains('\0', StringComparison.Ordinal);
}
