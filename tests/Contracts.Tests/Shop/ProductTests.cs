using System.Text;
using Streaming.Contracts.Shop;

namespace Streaming.Contracts.Tests.Shop;

public sealed class ProductTests
{
    private static readonly PriceChange Change = new("lamp", 4990, 5490, "EUR", DateTimeOffset.FromUnixTimeMilliseconds(1_767_225_600_000));

    [Fact]
    public void A_product_that_is_written_is_read_again()
    {
        var product = new Product("lamp", "Lamp <b>& co", "Lighting", "EUR");

        Assert.Equal(product, ProductJson.TryDecode(ProductJson.Encode(product), out _));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"name":"Lamp","category":"Lighting","currency":"EUR"}""")]
    [InlineData("""{"product_id":"lamp","category":"Lighting","currency":"EUR"}""")]
    [InlineData("""{"product_id":"lamp","name":"Lamp","category":"","currency":"EUR"}""")]
    [InlineData("""{"product_id":"lamp","name":"Lamp","category":"Li\u0000ghting","currency":"EUR"}""")]
    [InlineData("""{"product_id":"lamp","name":"Lamp","category":"Lighting","currency":"JPY"}""")]
    public void What_is_no_product_is_refused_with_a_reason(string value)
    {
        Assert.Null(ProductJson.TryDecode(Encoding.UTF8.GetBytes(value), out var error));
        Assert.False(string.IsNullOrEmpty(error));
    }

    [Fact]
    public void A_name_longer_than_its_bound_is_refused() =>
        Assert.Null(ProductJson.TryDecode(ProductJson.Encode(new Product("lamp", new string('x', 201), "Lighting", "EUR")), out _));

    [Fact]
    public void A_change_is_joined_with_its_product_or_published_as_unknown()
    {
        var known = EnrichedPrice.Of(Change, new Product("lamp", "Lamp", "Lighting", "EUR"));
        var unknown = EnrichedPrice.Of(Change, null);

        Assert.Equal(("Lamp", "Lighting", true, false), (known.Name, known.Category, known.IsKnown, known.IsForeign));
        Assert.Equal(("unknown", "unknown", false, false), (unknown.Name, unknown.Category, unknown.IsKnown, unknown.IsForeign));
        Assert.Equal([known, unknown], new[] { known, unknown }.Select(price =>
        {
            Assert.Null(EnrichedPriceJson.Decode(EnrichedPriceJson.Encode(price), out var read));
            return read;
        }));
    }

    [Fact]
    public void A_price_in_another_currency_than_its_products_is_foreign() =>
        Assert.True(EnrichedPrice.Of(Change, new Product("lamp", "Lamp", "Lighting", "CHF")).IsForeign);

    [Theory]
    [InlineData("", "no-value")]
    [InlineData("{", "malformed")]
    [InlineData("""{"product_id":"lamp","price_minor":1,"currency":"EUR","changed_at":1,"name":"Lamp","category":"Lighting"}""", "missing-field")]
    [InlineData("""{"product_id":"lamp","price_minor":-1,"currency":"EUR","changed_at":1,"name":"Lamp","category":"Lighting","product_currency":"EUR"}""", "negative-price")]
    public void What_is_no_enriched_price_is_refused_with_its_reason(string value, string reason) =>
        Assert.Equal(reason, EnrichedPriceJson.Decode(Encoding.UTF8.GetBytes(value), out _)?.Word);
}
