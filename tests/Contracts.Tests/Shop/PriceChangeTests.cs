using System.Text;
using Streaming.Contracts.Shop;

namespace Streaming.Contracts.Tests.Shop;

public sealed class PriceChangeTests
{
    private const string Good = """{"product_id":"lamp","price_minor":4990,"previous_minor":5490,"currency":"EUR","changed_at":1767225600000}""";

    [Theory]
    [InlineData(5490L)]
    [InlineData(0L)]
    [InlineData(null)]
    public void What_is_written_is_read_again(long? previous)
    {
        var change = new PriceChange("lampe-ü", 4990, previous, "CHF", DateTimeOffset.FromUnixTimeMilliseconds(1_767_225_600_123));

        Assert.Null(PriceChangeJson.Decode("lampe-ü"u8, PriceChangeJson.Encode(change), out var read));

        Assert.Equal(change, read);
    }

    [Fact]
    public void The_documented_form_is_the_one_that_is_written() => Assert.Equal(
        Good, Encoding.UTF8.GetString(PriceChangeJson.Encode(new PriceChange("lamp", 4990, 5490, "EUR", DateTimeOffset.FromUnixTimeMilliseconds(1_767_225_600_000)))));

    [Theory]
    [InlineData("lamp", "", "no-value")]
    [InlineData("lamp", "not json", "malformed")]
    [InlineData("lamp", "null", "malformed")]
    [InlineData("lamp", "[]", "malformed")]
    [InlineData("lamp", """{"product_id":"lamp","price_minor":49.9,"currency":"EUR","changed_at":1}""", "malformed")]
    [InlineData("lamp", """{"product_id":"lamp","price_minor":"4990","currency":"EUR","changed_at":1}""", "malformed")]
    [InlineData("lamp", """{"product_id":"lamp","price_minor":99999999999999999999,"currency":"EUR","changed_at":1}""", "malformed")]
    [InlineData("lamp", """{"product_id":"lamp","price_minor":4990,"currency":"EUR","changed_at":1}{}""", "malformed")]
    [InlineData("lamp", """{"product_id":"lamp","currency":"EUR","changed_at":1}""", "missing-field")]
    [InlineData("lamp", """{"product_id":"lamp","price_minor":4990,"changed_at":1}""", "missing-field")]
    [InlineData("lamp", """{"product_id":"lamp","price_minor":4990,"currency":null,"changed_at":1}""", "missing-field")]
    [InlineData("lamp", """{"product_id":"lamp","price_minor":-1,"currency":"EUR","changed_at":1}""", "negative-price")]
    [InlineData("lamp", """{"product_id":"lamp","price_minor":1,"previous_minor":-1,"currency":"EUR","changed_at":1}""", "negative-price")]
    [InlineData("lamp", """{"product_id":"lamp","price_minor":10000000001,"currency":"EUR","changed_at":1}""", "absurd-price")]
    [InlineData("lamp", """{"product_id":"lamp","price_minor":1,"currency":"DOUBLOON","changed_at":1}""", "unknown-currency")]
    [InlineData("lamp", """{"product_id":"lamp","price_minor":1,"currency":"eur","changed_at":1}""", "unknown-currency")]
    [InlineData("lamp", """{"product_id":"lamp","price_minor":1,"currency":"EUR","changed_at":-1}""", "bad-timestamp")]
    [InlineData("lamp", """{"product_id":"lamp","price_minor":1,"currency":"EUR","changed_at":253402300800000}""", "bad-timestamp")]
    [InlineData("", """{"product_id":"","price_minor":1,"currency":"EUR","changed_at":1}""", "bad-product-id")]
    [InlineData("lamp", """{"product_id":"la\u0000mp","price_minor":1,"currency":"EUR","changed_at":1}""", "bad-product-id")]
    [InlineData("", """{"product_id":"lamp","price_minor":1,"currency":"EUR","changed_at":1}""", "no-key")]
    [InlineData("chair", """{"product_id":"lamp","price_minor":1,"currency":"EUR","changed_at":1}""", "key-mismatch")]
    public void What_is_no_price_change_is_refused_with_its_reason(string key, string value, string reason) =>
        Assert.Equal(reason, PriceChangeJson.Decode(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value), out _)?.Word);

    [Fact]
    public void A_product_id_longer_than_its_bound_is_refused()
    {
        var id = new string('ü', 33);

        Assert.Equal("bad-product-id", PriceChangeJson.Decode(Encoding.UTF8.GetBytes(id), Encoding.UTF8.GetBytes(Good.Replace("lamp", id, StringComparison.Ordinal)), out _)?.Word);
    }

    [Fact]
    public void Fields_may_come_in_any_order_with_others_between() => Assert.Null(PriceChangeJson.Decode(
        "lamp"u8, """{"changed_at":1,"by":{"who":["x"]},"currency":"EUR","price_minor":1,"product_id":"lamp"}"""u8, out _));

    [Theory]
    [InlineData(1500, 2000L, -2500L)]
    [InlineData(2000, 1500L, 3333L)]
    [InlineData(100, 100L, 0L)]
    [InlineData(1, 30_000L, -10_000L)]
    [InlineData(20_001, 20_000L, 0L)]
    [InlineData(20_003, 20_000L, 2L)]
    [InlineData(100, 0L, null)]
    [InlineData(100, null, null)]
    public void A_change_is_in_hundredths_of_a_percent_of_the_price_before_rounded_half_to_even(long price, long? previous, long? expected) =>
        Assert.Equal(expected, PriceChange.ChangeOf(price, previous));

    [Fact]
    public void Changes_of_random_prices_are_what_decimal_arithmetic_gives()
    {
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var (price, previous) = (random.NextInt64(PriceChange.MaxPriceMinor + 1), random.NextInt64(1, i % 2 == 0 ? 1000 : PriceChange.MaxPriceMinor));
            Assert.Equal((long)decimal.Round((price - previous) * 10_000m / previous, 0, MidpointRounding.ToEven), PriceChange.ChangeOf(price, previous));
        }
    }
}
