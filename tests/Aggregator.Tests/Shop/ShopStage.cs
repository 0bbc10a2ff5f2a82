using System.Text;
using Microsoft.Extensions.Hosting;
using Streaming.Aggregator.Pipelines.Shop;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Shop;
using Streaming.Tests.Oracle.Shop;

namespace Streaming.Aggregator.Tests.Shop;

/// <summary>The shop's pipelines on a broker and a database, with products and random changes of their prices.</summary>
internal static class ShopStage
{
    public static readonly Product[] Products =
    [
        .. Enumerable.Range(0, 12).Select(i => new Product($"product-{i}", $"Product <{i}>", i % 3 == 0 ? "Audio" : i % 3 == 1 ? "Books" : "Toys & co", i % 2 == 0 ? "EUR" : "CHF")),
    ];

    /// <summary>Starts both pipelines; no partition is idle before the test is over, so that only events close windows.</summary>
    public static Task<IHost> StartShopAsync(this PipelineStage stage) => stage.StartAggregatorAsync(
        ("Pipelines", $"{PricesByProduct.Name},{PricesByCategory.Name}"), ("EnrichmentWait", "00:00:00"), ("IdleTimeout", "00:10:00"));

    public static async Task DescribeAsync(this PipelineStage stage, params IEnumerable<Product> products)
    {
        await stage.ProduceAsync(products.Select(product => ((byte[]?)Encoding.UTF8.GetBytes(product.ProductId), (byte[]?)ProductJson.Encode(product))), Topics.Products.Name);
        await Until.TrueAsync(() => stage.Lines.Has(2404), "the products are read", stage.Lines.ToString);
    }

    public static Task SendAsync(this PipelineStage stage, params IEnumerable<PriceChange> changes) =>
        stage.ProduceAsync(changes.Select(change => ((byte[]?)Encoding.UTF8.GetBytes(change.ProductId), (byte[]?)PriceChangeJson.Encode(change))), Topics.Prices.Name);

    /// <summary>
    /// Changes of described and undescribed products over <paramref name="span"/>, in the order in which they are sent: most as they happen, some later than newer ones,
    /// some so late that their minute, quarter or hour has closed, some in a foreign currency or without a previous price.
    /// </summary>
    public static List<PriceChange> Random(int count, int seed, DateTimeOffset start, TimeSpan span)
    {
        var random = new Random(seed);
        var prices = new Dictionary<string, long>();
        return
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                var product = random.Next(15) is var p && p < Products.Length ? Products[p] : new Product($"nobody-{p}", "", "", "EUR");
                var previous = prices.TryGetValue(product.ProductId, out var before) && random.Next(20) > 0 ? before : (long?)null;
                var price = prices[product.ProductId] = random.NextInt64(random.Next(50) == 0 ? 1 : 20_000);
                var currency = random.Next(40) == 0 ? "GBP" : product.Currency;
                var at = start + (span * ((double)i / count));
                return (SentAt: at + Delay(random), Change: new PriceChange(product.ProductId, price, previous, currency, DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds())));
            }).OrderBy(sent => sent.SentAt).Select(sent => sent.Change),
        ];
    }

    /// <summary>What the windows hold, read with the pipeline's own plan; of hopping windows those that are final.</summary>
    public static async Task<Dictionary<(string Kind, long Start, string Product), PriceWindow>> WindowsAsync(this PipelineStage stage)
    {
        var plan = PricesByProduct.Define().Measures;
        await using var command = stage.Database.CreateCommand(
            $"SELECT window_name, window_start, group_key, count, sum, min, max, state FROM window_results WHERE pipeline = '{PricesByProduct.Name}' AND NOT is_pane");
        await using var rows = await command.ExecuteReaderAsync();
        var windows = new Dictionary<(string, long, string), PriceWindow>();
        while (await rows.ReadAsync())
        {
            var basic = new BasicMeasures(rows.GetInt64(3), (Int128)rows.GetDecimal(4), rows.GetInt64(5), rows.GetInt64(6));
            var values = MeasureReader.ReadAll(plan, basic, MeasureState.Decode(plan, rows.GetFieldValue<byte[]>(7)));
            long? Scaled(string name) => values[plan.Measures.ToList().FindIndex(m => m.Name == name)].Exact is { } value ? (long)(value * 100) : null;
            windows.Add(
                (rows.GetString(0), new DateTimeOffset(rows.GetDateTime(1)).ToUnixTimeMilliseconds(), rows.GetString(2)),
                new PriceWindow(
                    basic.Count, Scaled("price_min")!.Value, Scaled("price_max")!.Value, Scaled("price_first")!.Value, Scaled("price_last")!.Value, Scaled("previous_first"),
                    (Scaled("change_count") ?? 0) / 100, Scaled("change_sum") ?? 0, Scaled("change_min")));
        }

        return windows;
    }

    private static TimeSpan Delay(Random random) => random.Next(20) switch
    {
        0 => TimeSpan.FromSeconds(random.NextDouble() * 8),
        1 => TimeSpan.FromMinutes(random.NextDouble() * 30),
        2 when random.Next(3) == 0 => TimeSpan.FromMinutes(random.NextDouble() * 100),
        _ => TimeSpan.Zero,
    };
}
