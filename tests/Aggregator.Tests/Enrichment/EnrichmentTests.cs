using System.Text;
using Confluent.Kafka;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Xunit;

namespace Streaming.Aggregator.Tests.Enrichment;

/// <summary>The stage that joins sales with their stores: each sale is published once, as what was known of its store, and the windows read only that.</summary>
[Collection(PostgresForScenarios.Name)]
public sealed class EnrichmentTests(PostgresFixture postgres)
{
    private const string Pipeline = "sales-by-country";
    private static readonly Store Zurich = new("zurich-1", "Zürich HB", "Zürich", "CH", 47.4, 8.5, "CHF");
    private static readonly Store Lima = new("lima-1", "Lima", "Lima", "PE", -12, -77, "PEN");

    [Fact]
    public async Task Each_sale_is_published_once_with_its_store_or_as_unknown()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync(("Pipelines", Pipeline), ("EnrichmentWait", "00:00:00"));
        await DescribeAsync(stage, Zurich, Lima);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await stage.ProduceAsync(new StoreSale("zurich-1", 5, now), new StoreSale("lima-1", 7, now), new StoreSale("atlantis-1", 9, now));

        await PublishedAsync(stage, 3);

        Assert.Equal(
            ["atlantis-1 9 unknown unknown XXX", "lima-1 7 Lima PE PEN", "zurich-1 5 Zürich CH CHF"],
            Published(stage).Select(sale => $"{Text(sale.StoreId)} {sale.Amount} {Text(sale.City)} {Text(sale.Country)} {Text(sale.Currency)}").Order(StringComparer.Ordinal));
        Assert.True(stage.Lines.Has(2413));
    }

    [Fact]
    public async Task An_event_waits_a_little_for_a_description_that_comes_with_it()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync(("Pipelines", Pipeline), ("EnrichmentWait", "00:00:30"));
        await Until.TrueAsync(() => stage.Lines.Has(2404), "the reference topic is read", stage.Lines.ToString);
        await stage.ProduceAsync(new StoreSale("lima-1", 7, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
        await DescribeAsync(stage, Lima);

        await PublishedAsync(stage, 1);

        Assert.Equal("PE", Text(Published(stage).Single().Country));
    }

    [Fact]
    public async Task What_is_no_sale_goes_to_the_dead_letter_topic_in_the_same_transactions()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync(("Pipelines", Pipeline), ("EnrichmentWait", "00:00:00"));
        await stage.ProduceAsync([("zurich-1"u8.ToArray(), "{"u8.ToArray()), (null, "{}"u8.ToArray()), ("zurich-1"u8.ToArray(), null)]);
        await stage.ProduceAsync(new StoreSale("zurich-1", 5, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));

        await PublishedAsync(stage, 1);
        var dead = new TopicDeclaration("sales-by-country-dead-letter", 1, TimeSpan.FromDays(1));
        await Until.TrueAsync(() => stage.ReadAll(dead).Count == 3, "three dead letters", stage.Lines.ToString);

        Assert.Equal(["malformed", "missing-field", "no-value"], stage.ReadAll(dead).Select(Reason).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Killed_again_and_again_it_still_publishes_each_sale_once_and_in_order()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync(("Pipelines", Pipeline));
        await DescribeAsync(stage, Zurich, Lima);
        await Until.TrueAsync(() => stage.Lines.Has(2404), "the reference topic is read", stage.Lines.ToString);
        var sales = Sales.Random(6000, seed: 5).ToList();
        for (var part = 0; part < 3; part++)
        {
            using var victim = stage.StartProcess(("Pipelines", Pipeline));
            await stage.ProduceAsync(sales.GetRange(part * 2000, 2000));
            await PublishedAsync(stage, part * 2000 + 500);
            victim.Kill();
        }

        await PublishedAsync(stage, sales.Count);

        var output = Published(stage);
        Assert.Equal(sales.Count, output.Count);
        foreach (var store in sales.GroupBy(sale => sale.StoreId))
        {
            Assert.Equal(
                store.Select(sale => (sale.SaleAmount, sale.SaleTs)),
                output.Where(sale => Text(sale.StoreId) == store.Key).Select(sale => (sale.Amount, sale.Time.ToUnixTimeMilliseconds())));
        }
    }

    [Fact]
    public async Task Windows_of_countries_are_what_the_published_sales_say()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync(("Pipelines", Pipeline));
        await DescribeAsync(stage, Zurich, Lima);
        await Until.TrueAsync(() => stage.Lines.Has(2404), "the reference topic is read", stage.Lines.ToString);
        var start = DateTimeOffset.UtcNow.AddHours(-2).ToUnixTimeMilliseconds();
        string[] stores = ["zurich-1", "lima-1", "atlantis-1"];
        await stage.ProduceAsync(Enumerable.Range(0, 3000).Select(i => new StoreSale(stores[i % 3], i % 17, start + i * 100)));
        await PublishedAsync(stage, 3000);
        await Until.TrueAsync(
            async () => await stage.NumberAsync("SELECT coalesce(sum(events), 0)::bigint FROM checkpoints") == 3000, "3000 events are counted", () => Task.FromResult(stage.Lines.ToString()));

        var expected = Published(stage).GroupBy(sale => (Text(sale.Country), sale.Time.ToUnixTimeMilliseconds() / 60_000))
            .Select(window => $"{window.Key.Item1} {window.Key.Item2} {window.Count()} {window.Sum(sale => sale.Amount)}").Order(StringComparer.Ordinal);
        await using var command = stage.Database.CreateCommand("""
            SELECT group_key || ' ' || (extract(epoch FROM window_start) / 60)::bigint || ' ' || sum(count) || ' ' || sum(sum) FROM window_results
            WHERE window_name = '1m' GROUP BY group_key, window_start
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await reader.ReadAsync())
        {
            found.Add(reader.GetString(0));
        }

        Assert.Equal(expected, found.Order(StringComparer.Ordinal));
    }

    private static Task DescribeAsync(PipelineStage stage, params Store[] stores) =>
        stage.ProduceAsync(stores.Select(store => ((byte[]?)Encoding.UTF8.GetBytes(store.StoreId), (byte[]?)StoreJson.Encode(store))), Topics.Stores.Name);

    private static Task PublishedAsync(PipelineStage stage, int count) =>
        Until.TrueAsync(() => stage.ReadAll(Topics.SalesEnriched).Count >= count, $"{count} sales are published", stage.Lines.ToString);

    private static List<EnrichedSale> Published(PipelineStage stage) => [.. stage.ReadAll(Topics.SalesEnriched).Select(record =>
    {
        Assert.Null(EnrichedSaleJson.Decode(record.Message.Value, out var sale));
        Assert.Equal(record.Message.Key, sale.StoreId.ToArray());
        return sale;
    })];

    private static string Reason(ConsumeResult<byte[]?, byte[]?> record) => Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes(HeaderNames.Reason));

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}
