using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Contracts.Shop;

/// <summary>A product of the online shop, as the topic <c>products</c> describes it.</summary>
/// <param name="ProductId">The id that its price changes carry; also the record's key.</param>
/// <param name="Name">Its name, for people.</param>
/// <param name="Category">The part of the shop that it is sold in.</param>
/// <param name="Currency">ISO 4217, one of <see cref="ShopCurrencies"/>: the one currency of its prices.</param>
public sealed record Product(string ProductId, string Name, string Category, string Currency)
{
    /// <summary>What stands for the name and the category of a product that nobody has described.</summary>
    public const string Unknown = "unknown";

    /// <summary>The longest name or category that is accepted, in characters.</summary>
    public const int LongestText = 200;
}

/// <summary><see cref="Product"/> as JSON: <c>{"product_id":"desk-lamp","name":"Desk lamp","category":"Lighting","currency":"EUR"}</c>.</summary>
public static class ProductJson
{
    /// <summary>The product's JSON as UTF-8 bytes.</summary>
    public static byte[] Encode(Product product) => JsonSerializer.SerializeToUtf8Bytes(product, ShopJson.Default.Product);

    /// <summary>Reads a product; null with the reason in <paramref name="error"/> when it cannot be one.</summary>
    public static Product? TryDecode(ReadOnlySpan<byte> value, out string? error)
    {
        Product? product;
        try
        {
            product = JsonSerializer.Deserialize(value, ShopJson.Default.Product);
        }
        catch (JsonException e)
        {
            error = e.Message;
            return null;
        }

        error = product switch
        {
            null => "the value is null",
            { ProductId: null or "" } => "product_id is missing",
            { Name: null or "" } or { Category: null or "" } => "name or category is missing",
            { Name.Length: > Product.LongestText } or { Category.Length: > Product.LongestText } => $"name or category is longer than {Product.LongestText} characters",
            { Category: var category } when category.Contains('\0', StringComparison.Ordinal) => "category holds U+0000",
            { Currency: var currency } when !ShopCurrencies.IsKnown(currency) => $"currency is none of {string.Join(", ", ShopCurrencies.All)}",
            _ => null,
        };
        return error is null ? product : null;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Product))]
[JsonSerializable(typeof(PriceChangeFields))]
[JsonSerializable(typeof(EnrichedPriceFields))]
internal sealed partial class ShopJson : JsonSerializerContext;
