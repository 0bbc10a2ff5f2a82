using System.Text.Json;

namespace Streaming.Contracts.Shop;

/// <summary>A price change with what was known of its product when it was published: a record of the topic <c>prices-enriched</c>.</summary>
/// <param name="Change">What changed.</param>
/// <param name="Name">The product's name; <see cref="Product.Unknown"/> when nobody had described the product.</param>
/// <param name="Category">Its category; <see cref="Product.Unknown"/> likewise.</param>
/// <param name="ProductCurrency">The currency that the product is sold in; <see cref="ShopCurrencies.None"/> likewise.</param>
public readonly record struct EnrichedPrice(PriceChange Change, string Name, string Category, string ProductCurrency)
{
    /// <summary>Whether the product was described.</summary>
    public bool IsKnown => ProductCurrency != ShopCurrencies.None;

    /// <summary>Whether the price is in another currency than its product is sold in, as far as that is known.</summary>
    public bool IsForeign => IsKnown && ProductCurrency != Change.Currency;

    /// <summary>The change joined with its product, or with none.</summary>
    public static EnrichedPrice Of(in PriceChange change, Product? product) =>
        new(change, product?.Name ?? Product.Unknown, product?.Category ?? Product.Unknown, product?.Currency ?? ShopCurrencies.None);
}

/// <summary>
/// <see cref="EnrichedPrice"/> as JSON: the fields of <see cref="PriceChangeJson"/> and
/// <c>"name":"Desk lamp","category":"Lighting","product_currency":"EUR"</c>.
/// </summary>
public static class EnrichedPriceJson
{
    /// <summary>The price's JSON as UTF-8 bytes.</summary>
    public static byte[] Encode(in EnrichedPrice price) => JsonSerializer.SerializeToUtf8Bytes(
        new EnrichedPriceFields(
            price.Change.ProductId, price.Change.PriceMinor, price.Change.PreviousMinor, price.Change.Currency, price.Change.ChangedAt.ToUnixTimeMilliseconds(),
            price.Name, price.Category, price.ProductCurrency),
        ShopJson.Default.EnrichedPriceFields);

    /// <summary>Reads a price; one in another currency than its product's is a price, too.</summary>
    /// <returns>What is wrong with it; null when <paramref name="price"/> is one.</returns>
    public static PriceProblem? Decode(ReadOnlySpan<byte> value, out EnrichedPrice price)
    {
        price = default;
        if (value.IsEmpty)
        {
            return PriceProblem.NoValue;
        }

        try
        {
            return JsonSerializer.Deserialize(value, ShopJson.Default.EnrichedPriceFields) is { } fields ? Check(fields, out price) : PriceProblem.Malformed;
        }
        catch (JsonException)
        {
            return PriceProblem.Malformed;
        }
    }

    private static PriceProblem? Check(EnrichedPriceFields fields, out EnrichedPrice price)
    {
        price = default;
        if (fields is not
            { ProductId: { } id, PriceMinor: { } minor, Currency: { } currency, ChangedAt: { } at, Name.Length: > 0, Category.Length: > 0, ProductCurrency.Length: > 0 })
        {
            return PriceProblem.MissingField;
        }

        if (PriceFieldChecks.Find(id, minor, fields.PreviousMinor, currency, at) is { } problem)
        {
            return problem;
        }

        price = new EnrichedPrice(
            new PriceChange(id, minor, fields.PreviousMinor, currency, DateTimeOffset.FromUnixTimeMilliseconds(at)), fields.Name, fields.Category, fields.ProductCurrency);
        return null;
    }
}

/// <summary>The fields as they stand in the record, checked by nobody yet.</summary>
internal sealed record EnrichedPriceFields(
    string? ProductId, long? PriceMinor, long? PreviousMinor, string? Currency, long? ChangedAt, string? Name, string? Category, string? ProductCurrency);
