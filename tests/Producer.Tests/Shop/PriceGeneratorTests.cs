using Streaming.Contracts.Shop;
using Streaming.Producer.Scenarios.Shop;

namespace Streaming.Producer.Tests.Shop;

public sealed class PriceGeneratorTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 30, 0, TimeSpan.Zero);

    private static readonly ShopOptions Orderly = new() { OutOfOrderShare = 0, LateShare = 0, BrokenShare = 0 };

    [Fact]
    public void The_same_seed_gives_the_same_records_and_another_seed_others()
    {
        var first = Take(new ShopOptions { Seed = 7 }, 5_000).Select(Describe).ToList();

        Assert.Equal(first, Take(new ShopOptions { Seed = 7 }, 5_000).Select(Describe));
        Assert.NotEqual(first, Take(new ShopOptions { Seed = 8 }, 5_000).Select(Describe));
    }

    [Fact]
    public void Records_come_in_the_order_in_which_they_are_sent()
    {
        var prices = Take(new ShopOptions { LateShare = 0.05, LateAtLeast = TimeSpan.FromSeconds(30), LateAtMost = TimeSpan.FromMinutes(2) }, 20_000);

        Assert.True(prices[0].SentAt > Start);
        Assert.True(prices.Zip(prices.Skip(1)).All(pair => pair.First.SentAt <= pair.Second.SentAt));
    }

    [Fact]
    public void The_rate_is_as_configured() =>
        Assert.InRange(Take(Orderly with { EventsPerSecond = 20 }, 20_000)[^1].SentAt - Start, TimeSpan.FromSeconds(950), TimeSpan.FromSeconds(1050));

    [Fact]
    public void Shares_are_as_configured()
    {
        const int Count = 100_000;
        var options = new ShopOptions
        {
            OutOfOrderShare = 0.1,
            LateShare = 0.02,
            BrokenShare = 0.03,
            EventsPerSecond = 100,
            LateAtLeast = TimeSpan.FromSeconds(10),
            LateAtMost = TimeSpan.FromSeconds(11),
        };

        var kinds = Take(options, Count).CountBy(price => price.Kind).ToDictionary();

        AssertShare(0.1, kinds[PriceKind.OutOfOrder], Count);
        AssertShare(0.02, kinds[PriceKind.Late], Count);
        AssertShare(0.03, kinds[PriceKind.Broken], Count);
    }

    [Fact]
    public void What_is_late_or_out_of_order_is_sent_as_much_later_as_was_asked_and_everything_else_at_once()
    {
        var options = new ShopOptions { OutOfOrderShare = 0.1, LateShare = 0.1, BrokenShare = 0, EventsPerSecond = 100 };

        Assert.All(Take(options, 50_000), price =>
        {
            var delay = price.SentAt - price.Change.ChangedAt;
            var (least, most) = price.Kind switch
            {
                PriceKind.OutOfOrder => (TimeSpan.Zero, options.OutOfOrderness),
                PriceKind.Late => (options.LateAtLeast, options.LateAtMost),
                _ => (TimeSpan.Zero, TimeSpan.Zero),
            };

            // Event times are whole milliseconds.
            Assert.InRange(delay, least, most + TimeSpan.FromMilliseconds(1));
        });
    }

    [Fact]
    public void By_event_time_each_change_names_the_price_before_it()
    {
        var options = new ShopOptions { OutOfOrderShare = 0.2, LateShare = 0.05, LateAtLeast = TimeSpan.FromSeconds(10), LateAtMost = TimeSpan.FromSeconds(20) };
        var prices = Take(options, 30_000).Where(price => price.Kind != PriceKind.Broken && price.Change.ChangedAt < Start.AddMinutes(60));

        foreach (var product in prices.GroupBy(price => price.Change.ProductId))
        {
            long? price = null;
            var left = product.Select(p => p.Change).OrderBy(change => change.ChangedAt).ToList();
            while (left.Count > 0)
            {
                // Two changes of a product within a millisecond have no order by their times alone.
                var next = left.FindIndex(change => change.ChangedAt == left[0].ChangedAt && change.PreviousMinor == price);
                Assert.True(next >= 0, $"{left[0]} after {price}");
                Assert.NotEqual(price, left[next].PriceMinor);
                price = left[next].PriceMinor;
                left.RemoveAt(next);
            }
        }
    }

    [Fact]
    public void Prices_stay_in_the_neighbourhood_of_their_ordinary_price_for_days()
    {
        var ordinary = ProductCatalogue.Products.ToDictionary(profile => profile.Product.ProductId, profile => profile.PriceMinor);

        Assert.All(Take(Orderly with { EventsPerSecond = 1 }, 200_000), price =>
            Assert.InRange((double)price.Change.PriceMinor / ordinary[price.Change.ProductId], 0.4, 1.6));
    }

    [Fact]
    public void A_sale_takes_a_fifth_off_at_once_and_is_taken_back()
    {
        var prices = Take(Orderly with { SaleShare = 0.01, SaleAtLeast = TimeSpan.FromMinutes(1), SaleAtMost = TimeSpan.FromMinutes(2) }, 40_000).Select(price => price.Change).ToList();

        var cuts = prices.Where(change => PriceChange.ChangeOf(change.PriceMinor, change.PreviousMinor) <= -1500).ToList();
        Assert.True(cuts.Count > 100, $"{cuts.Count} sales");
        Assert.All(cuts.Where(cut => cut.ChangedAt < prices[^1].ChangedAt.AddMinutes(-10)), cut =>
            Assert.Contains(prices, change => change.ProductId == cut.ProductId && change.ChangedAt > cut.ChangedAt && change.PriceMinor == cut.PreviousMinor));
    }

    [Fact]
    public void Broken_records_are_broken_in_every_way_and_each_is_refused_for_its_reason()
    {
        var products = ProductCatalogue.Products.ToDictionary(profile => profile.Product.ProductId, profile => profile.Product);
        var reasons = Take(new ShopOptions { BrokenShare = 1, OutOfOrderShare = 0, LateShare = 0 }, 5_000).Select(price =>
        {
            var problem = PriceChangeJson.Decode(System.Text.Encoding.UTF8.GetBytes(price.Change.ProductId), price.Value, out var change);
            return problem?.Word
                ?? (!products.TryGetValue(change.ProductId, out var product) ? "undescribed"
                    : EnrichedPrice.Of(change, product).IsForeign ? "foreign-currency"
                    : change.ChangedAt > price.SentAt.AddDays(1) ? "far-future" : "good");
        });

        Assert.Equal(["far-future", "foreign-currency", "malformed", "missing-field", "negative-price", "undescribed", "unknown-currency"], reasons.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Good_records_are_price_changes_of_described_products_in_their_currency()
    {
        var products = ProductCatalogue.Products.ToDictionary(profile => profile.Product.ProductId, profile => profile.Product);

        Assert.All(Take(Orderly, 20_000), price =>
        {
            Assert.Null(PriceChangeJson.Decode(System.Text.Encoding.UTF8.GetBytes(price.Change.ProductId), price.Value, out var change));
            Assert.Equal(price.Change, change);
            Assert.Equal(products[change.ProductId].Currency, change.Currency);
        });
    }

    private static List<SimulatedPrice> Take(ShopOptions options, int count) =>
        [.. new PriceGenerator(options, ProductCatalogue.Products, ProductCatalogue.Undescribed).From(Start).Take(count)];

    private static string Describe(SimulatedPrice price) => $"{price.Kind} {price.SentAt:O} {price.Change} {Convert.ToHexString(price.Value)}";

    /// <summary>Within five standard deviations of a binomial distribution.</summary>
    private static void AssertShare(double expected, int found, int count) =>
        Assert.InRange((double)found / count, expected - (5 * Math.Sqrt(expected * (1 - expected) / count)), expected + (5 * Math.Sqrt(expected * (1 - expected) / count)));
}
