using System.Text;
using Streaming.Aggregator.Pipelines.Shop;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Streaming.Contracts.Shop;
using Streaming.Tests.Oracle.Shop;
using Xunit;

namespace Streaming.Aggregator.Tests.Shop;

/// <summary>The shop from its topics to the tables, against a recount that knows nothing of the engine.</summary>
[Collection(PostgresForScenarios.Name)]
public sealed class ShopPipelineTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Windows_per_product_and_category_and_the_kept_changes_equal_a_naive_recount_of_the_published_changes()
    {
        const int Count = 6000;
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartShopAsync();
        await stage.DescribeAsync(ShopStage.Products);
        var now = DateTimeOffset.UtcNow;
        await stage.SendAsync(ShopStage.Random(Count, seed: 3, now.AddHours(-5), TimeSpan.FromHours(4)));

        // The newest change of each product closes everything before it, so that the hopping windows of the range are rows.
        await stage.SendAsync(ShopStage.Products.Select(product => new PriceChange(product.ProductId, 100, null, product.Currency, DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()))));
        var all = Count + ShopStage.Products.Length;
        await CountedAsync(stage, all);

        var published = stage.ReadAll(Topics.PricesEnriched).Select(PublishedPrice.From).ToList();
        Assert.Equal(all, published.Count);
        var expected = new PriceRecount(published);
        Assert.NotEmpty(expected.Late);
        Assert.NotEmpty(expected.LateForMinute);
        Assert.NotEmpty(expected.Rejected);

        await WindowsAreAsync(stage, expected, now.AddMinutes(-20).ToUnixTimeMilliseconds());
        await CategoriesAreAsync(stage, expected);
        await KeptEventsAreAsync(stage, expected);
        await stage.OutboxIsEmptyAsync();
        Assert.Equal(expected.Late.Count, stage.ReadAll(Topics.PricesLate).Count);
        Assert.Equal(expected.Rejected.Count, stage.ReadAll(Topics.PricesDeadLetter).Count);
    }

    [Fact]
    public async Task Broken_changes_go_to_the_dead_letter_topic_with_their_reason_and_undescribed_products_are_unknown()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartShopAsync();
        await stage.DescribeAsync(ShopStage.Products);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        var good = new PriceChange("product-0", 1990, 2490, "EUR", now);
        (string Key, string Value, string Reason)[] bad =
        [
            ("product-0", "{\"product_id\":", "malformed"),
            ("product-0", $$"""{"product_id":"product-0","price_minor":5,"changed_at":{{now.ToUnixTimeMilliseconds()}}}""", "missing-field"),
            ("product-0", Encoding.UTF8.GetString(PriceChangeJson.Encode(good with { PriceMinor = -1 })), "negative-price"),
            ("product-0", Encoding.UTF8.GetString(PriceChangeJson.Encode(good with { Currency = "XXX" })), "unknown-currency"),
            ("product-0", Encoding.UTF8.GetString(PriceChangeJson.Encode(good with { Currency = "USD" })), "foreign-currency"),
            ("product-1", Encoding.UTF8.GetString(PriceChangeJson.Encode(good)), "key-mismatch"),
            ("product-0", Encoding.UTF8.GetString(PriceChangeJson.Encode(good with { ChangedAt = now.AddHours(1) })), "too-far-ahead"),
        ];
        await stage.ProduceAsync(bad.Select(b => ((byte[]?)Encoding.UTF8.GetBytes(b.Key), (byte[]?)Encoding.UTF8.GetBytes(b.Value))), Topics.Prices.Name);
        await stage.SendAsync(good, good with { ProductId = "nobody" });

        await CountedAsync(stage, 4);
        await Until.TrueAsync(() => stage.ReadAll(Topics.PricesDeadLetter).Count == bad.Length, "the dead letters", stage.Lines.ToString);

        Assert.Equal(
            bad.Select(b => b.Reason).Order(StringComparer.Ordinal),
            stage.ReadAll(Topics.PricesDeadLetter).Select(letter => Encoding.UTF8.GetString(letter.Message.Headers.GetLastBytes(HeaderNames.Reason))).Order(StringComparer.Ordinal));
        Assert.Equal(["nobody", "product-0"], (await stage.WindowsAsync()).Keys.Where(key => key.Kind == "1m").Select(key => key.Product).Order(StringComparer.Ordinal));
        Assert.Contains(stage.ReadAll(Topics.PricesEnriched).Select(PublishedPrice.From), price => price is { Product: "nobody", Category: "unknown", ProductCurrency: "XXX" });
    }

    [Fact]
    public async Task A_price_that_is_cut_by_a_fifth_at_once_fires_an_alert()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartShopAsync();
        await stage.DescribeAsync(ShopStage.Products);
        var past = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.AddMinutes(-10).ToUnixTimeMilliseconds());
        await stage.SendAsync(
            new PriceChange("product-0", 8000, 10_000, "EUR", past), new PriceChange("product-1", 9900, 10_000, "CHF", past),
            new PriceChange("product-0", 8010, 8000, "EUR", past.AddMinutes(5)), new PriceChange("product-1", 9910, 9900, "CHF", past.AddMinutes(5)));

        await Until.TrueAsync(async () => await stage.NumberAsync("SELECT count(*) FROM alerts WHERE rule = 'price-drop'") > 0, "the alert", () => Task.FromResult(stage.Lines.ToString()));

        Assert.Equal(1, await stage.NumberAsync("SELECT count(*) FROM alerts WHERE rule = 'price-drop' AND group_key = 'product-0' AND transition = 'firing' AND value = -20"));
        Assert.Equal(0, await stage.NumberAsync("SELECT count(*) FROM alerts WHERE group_key = 'product-1'"));
    }

    /// <summary>Every change, whether counted, late or rejected, has been taken in by both pipelines.</summary>
    private static Task CountedAsync(PipelineStage stage, int changes) => Until.TrueAsync(
        async () => await stage.NumberAsync("SELECT count(*) FROM (SELECT pipeline FROM checkpoints GROUP BY pipeline HAVING sum(events + late + rejected) >= " + changes + ") AS done") == 2,
        $"{changes} changes are counted", () => Task.FromResult(stage.Lines.ToString()));

    private static async Task WindowsAreAsync(PipelineStage stage, PriceRecount expected, long closedBeforeMs)
    {
        // An open hopping window is not there as a row yet, only as panes.
        bool IsRow((string Kind, long Start, string Product) key) => key.Kind != "15m/1m" || key.Start < closedBeforeMs;
        var found = await stage.WindowsAsync();

        Assert.Equal(Sorted(expected.Windows.Where(window => IsRow(window.Key))), Sorted(found.Where(window => IsRow(window.Key))));
    }

    private static async Task CategoriesAreAsync(PipelineStage stage, PriceRecount expected)
    {
        await using var command = stage.Database.CreateCommand($"""
            SELECT group_key || ' ' || (extract(epoch FROM window_start) * 1000)::bigint || ' ' || sum(count) || ' ' || sum(sum)::bigint FROM window_results
            WHERE pipeline = '{PricesByCategory.Name}' AND window_name = '1m' GROUP BY group_key, window_start
            """);
        await using var rows = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await rows.ReadAsync())
        {
            found.Add(rows.GetString(0));
        }

        // Each partition's rows are a part; together they are the events that no minute was closed for.
        var windows = expected.Accepted.Except(expected.LateForMinute).GroupBy(price => (price.Category, Start: price.Time - (price.Time % 60_000)))
            .Select(window => $"{window.Key.Category} {window.Key.Start} {window.Count()} {window.Count(price => price.Price < price.Previous)}");
        Assert.Equal(windows.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    private static async Task KeptEventsAreAsync(PipelineStage stage, PriceRecount expected)
    {
        await using var command = stage.Database.CreateCommand("SELECT partition || ' ' || \"offset\" || ' ' || group_key || ' ' || is_late || ' ' || \"values\"[1] FROM events");
        await using var rows = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await rows.ReadAsync())
        {
            found.Add(rows.GetString(0));
        }

        var late = expected.LateForMinute.ToHashSet();
        Assert.Equal(
            expected.Accepted.Concat(expected.Late).Select(e => $"{e.Partition} {e.Offset} {e.Product} {(late.Contains(e) ? "true" : "false")} {e.Price}").Order(StringComparer.Ordinal),
            found.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Sorted(IEnumerable<KeyValuePair<(string Kind, long Start, string Product), PriceWindow>> windows) =>
        windows.Select(window => $"{window.Key} {window.Value}").Order(StringComparer.Ordinal);
}
