using Microsoft.Extensions.Options;
using Streaming.Contracts;
using Streaming.Contracts.Shop;
using Streaming.Producer.Scenarios.Shop;

namespace Streaming.Producer.Tests.Shop;

public sealed class ShopScenarioTests
{
    [Fact]
    public void Every_product_is_described_once_under_its_id()
    {
        var records = new ShopScenario(Options.Create(new ShopOptions())).References().ToList();

        Assert.All(records, record => Assert.Equal(Topics.Products.Name, record.Topic));
        var products = records.ConvertAll(record => (Key: System.Text.Encoding.UTF8.GetString(record.Key!), Product: ProductJson.TryDecode(record.Value, out _)));
        Assert.All(products, product => Assert.Equal(product.Key, product.Product?.ProductId));
        Assert.Equal(records.Count, products.Select(product => product.Key).Distinct().Count());
        Assert.True(records.Count >= 60, $"{records.Count} products");
        Assert.InRange(products.Select(product => product.Product!.Category).Distinct().Count(), 5, 7);
    }

    [Fact]
    public void Price_changes_go_to_the_main_topic_keyed_by_product()
    {
        var scenario = new ShopScenario(Options.Create(new ShopOptions { BrokenShare = 0 }));

        Assert.Equal(Topics.Prices, scenario.Topics[0]);
        Assert.All(scenario.From(DateTimeOffset.UnixEpoch.AddYears(50)).Take(1000), record =>
        {
            Assert.Equal(Topics.Prices.Name, record.Topic);
            Assert.Null(PriceChangeJson.Decode(record.Key, record.Value, out _));
        });
    }

    [Fact]
    public void The_defaults_are_valid() => Assert.True(Check(new ShopOptions()).Succeeded);

    public static TheoryData<string, ShopOptions> Impossible() => new()
    {
        { "Producer:Shop:EventsPerSecond is '0'", new ShopOptions { EventsPerSecond = 0 } },
        { "Producer:Shop:EventsPerSecond is 'NaN'", new ShopOptions { EventsPerSecond = double.NaN } },
        { "Producer:Shop:SaleShare is '1.5'", new ShopOptions { SaleShare = 1.5 } },
        { "Producer:Shop:OutOfOrderShare is '0.9'", new ShopOptions { OutOfOrderShare = 0.9, BrokenShare = 0.2 } },
        { "Producer:Shop:LateAtMost is '00:01:00'", new ShopOptions { LateAtMost = TimeSpan.FromMinutes(1) } },
        { "Producer:Shop:OutOfOrderness is '00:05:00'", new ShopOptions { OutOfOrderness = TimeSpan.FromMinutes(5) } },
        { "Producer:Shop:SaleAtLeast is '00:20:00'", new ShopOptions { SaleAtLeast = TimeSpan.FromMinutes(20) } },
        { "Producer:Shop:BackfillMinutes is '-1'", new ShopOptions { BackfillMinutes = -1 } },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void What_cannot_be_is_refused_with_key_and_value(string beginning, ShopOptions options) =>
        Assert.Contains(Check(options).Failures ?? [], failure => failure.StartsWith(beginning, StringComparison.Ordinal));

    private static ValidateOptionsResult Check(ShopOptions options) => new ShopOptionsValidator().Validate(null, options);
}
