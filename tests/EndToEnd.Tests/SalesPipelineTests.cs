using System.Diagnostics;
using Streaming.EndToEnd.Tests.App;
using Streaming.EndToEnd.Tests.Browser;
using Streaming.Tests.Oracle;

namespace Streaming.EndToEnd.Tests;

/// <summary>The whole application under load, one Aggregator killed midway, and then every committed number against a naive recount.</summary>
public sealed class SalesPipelineTests(SalesApp app, OneBrowser browser) : IClassFixture<SalesApp>, IClassFixture<OneBrowser>
{
    private const long OutOfOrdernessMs = 5_000;
    private const long GraceMs = 10_000;
    private const long FutureBoundMs = 60_000;

    [Fact]
    public async Task After_an_aggregator_was_killed_the_results_equal_an_independent_recount_of_the_topic()
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        await ProgressAsync(atLeast: 2_000, bound.Token);

        var replicas = await app.ProcessIdsAsync("aggregator", replicas: 2, bound.Token);
        using (var victim = Process.GetProcessById(replicas[0]))
        {
            victim.Kill();
        }

        await ProgressAsync(atLeast: await EventsAsync(bound.Token) + 2_000, bound.Token);
        await app.StopResourceAsync("producer", bound.Token);

        var schemas = await SaleSchemas.ReadAsync(app, bound.Token);
        var records = TopicReader.ReadAll(app.Kafka, "sales").Select(record => SaleRecord.From(record, schemas)).ToList();
        Assert.Contains(records, record => record.IsGood);
        await ReadToTheEndAsync(records, bound.Token);
        var results = await app.Results.ReadAsync(bound.Token);
        var expected = NaiveWindows.Of(records, results.Marks, OutOfOrdernessMs, GraceMs);

        Assert.Equal(Sorted(expected.Windows), Sorted(results.Windows));
        Assert.Equal(expected.Partitions, results.Progress.Select(p => p.Totals));
        Assert.True(expected.Rejected.Count > 0, "the producer was asked for malformed events and sent none");
        Assert.True(expected.Late.Count > 0, "the producer was asked for late events and sent none");

        await SideOutputsHoldEverythingAsync(expected, bound.Token);
        await BothWaysAgreeWithTheTopicAsync(bound.Token);
    }

    [BrowserFact]
    public Task The_sales_alone_have_their_page_and_the_other_scenarios_say_that_they_are_off() => LoneScenarioTests.ShowsAsync(app, browser, Contracts.Scenarios.Sales);

    /// <summary>
    /// The windows per country, and the raw events that the database recounts them from, against a third count: of the topic that the enrichment wrote.
    /// </summary>
    private async Task BothWaysAgreeWithTheTopicAsync(CancellationToken cancellationToken)
    {
        var records = await EnrichedToTheEndAsync(cancellationToken);
        var ends = records.GroupBy(record => record.Partition.Value).ToDictionary(g => g.Key, g => g.Max(record => record.Offset.Value) + 1);
        var enriched = records.Where(IsInBounds).Select(EnrichedOf).ToList();
        var tables = await Eventually.GetAsync(
            () => CountryTables.ReadAsync(app.Results.ConnectionString, cancellationToken),
            tables => ends.All(end => tables.NextOffsets.GetValueOrDefault(end.Key) >= end.Value),
            "checkpoints of sales-by-country at the topic's end", TimeSpan.FromSeconds(90), cancellationToken);

        // The oracle groups by what it is told is the store: here, the country.
        var expected = NaiveWindows.Of(
            enriched.Select(sale => new SaleRecord(sale.Partition, sale.Offset, sale.Country, sale.Amount, sale.TimeMs, IsGood: true)), tables.Marks, OutOfOrdernessMs, GraceMs);
        var minutes = expected.Windows.GroupBy(w => (w.Start, w.StoreId))
            .Select(g => new CountryMinute(g.Key.Start, g.Key.StoreId, g.Sum(w => w.Count), g.Sum(w => w.Sum), g.Sum(w => w.Late)));

        Assert.Equal(Sorted(minutes), Sorted(tables.Minutes.Where(minute => minute.Count > 0)));
        Assert.Equal(enriched.OrderBy(sale => (sale.Partition, sale.Offset)), tables.Events.OrderBy(sale => (sale.Partition, sale.Offset)));
    }

    private static KeptSale EnrichedOf(Confluent.Kafka.ConsumeResult<byte[], byte[]> record)
    {
        using var json = System.Text.Json.JsonDocument.Parse(record.Message.Value);
        var sale = json.RootElement;
        return new KeptSale(record.Partition, record.Offset, sale.GetProperty("sale_ts").GetInt64(), sale.GetProperty("country").GetString()!, sale.GetProperty("sale_amount").GetInt64());
    }

    /// <summary>The producer has stopped; the enrichment may still be catching up. It is done when it has committed all that it reads, and no transaction is open.</summary>
    private async Task<IReadOnlyList<Confluent.Kafka.ConsumeResult<byte[], byte[]>>> EnrichedToTheEndAsync(CancellationToken cancellationToken)
    {
        await Eventually.GetAsync(
            () => StageEnd.IsReachedAsync(app.Kafka, "sales", "sales-by-country.enrich", "sales-enriched"),
            isReached => isReached, "the end of sales in sales-enriched", TimeSpan.FromSeconds(90), cancellationToken);
        return TopicReader.ReadAll(app.Kafka, "sales-enriched");
    }

    /// <summary>The enrichment passes on what can be read; a time too far ahead of the broker's clock is rejected by what counts it.</summary>
    private static bool IsInBounds(Confluent.Kafka.ConsumeResult<byte[], byte[]> record) =>
        EnrichedOf(record).TimeMs <= record.Message.Timestamp.UnixTimestampMs + FutureBoundMs;

    private static List<CountryMinute> Sorted(IEnumerable<CountryMinute> minutes) => [.. minutes.OrderBy(m => m.Start).ThenBy(m => m.Country, StringComparer.Ordinal)];

    private async Task SideOutputsHoldEverythingAsync(NaiveWindows expected, CancellationToken cancellationToken)
    {
        await Eventually.GetAsync(
            async () => (await app.Results.ReadAsync(cancellationToken)).OutboxRows, rows => rows == 0, "an empty outbox", TimeSpan.FromSeconds(60), cancellationToken);

        Assert.Equal(expected.Rejected.Count, Origins("sales-dead-letter"));
        Assert.Equal(expected.Late.Count, Origins("sales-late"));
    }

    /// <summary>The records of a topic, each of which has another origin.</summary>
    private long Origins(string topic)
    {
        var records = TopicReader.ReadAll(app.Kafka, topic);
        Assert.Equal(records.Count, records.Select(r => (Header(r, "streaming-origin-partition"), Header(r, "streaming-origin-offset"))).Distinct().Count());
        return records.Count;
    }

    private static string Header(Confluent.Kafka.ConsumeResult<byte[], byte[]> record, string name) =>
        System.Text.Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes(name));

    private async Task ProgressAsync(long atLeast, CancellationToken cancellationToken) => await Eventually.GetAsync(
        () => EventsAsync(cancellationToken), events => events >= atLeast, $"{atLeast} events in the checkpoints", TimeSpan.FromSeconds(90), cancellationToken);

    private async Task<long> EventsAsync(CancellationToken cancellationToken) =>
        (await app.Results.ProgressAsync(cancellationToken)).Sum(p => p.Totals.Accepted);

    private async Task ReadToTheEndAsync(List<SaleRecord> records, CancellationToken cancellationToken)
    {
        var ends = records.GroupBy(r => r.Partition).ToDictionary(g => g.Key, g => g.Max(r => r.Offset) + 1);
        await Eventually.GetAsync(
            () => app.Results.ProgressAsync(cancellationToken),
            progress => ends.All(end => progress.Any(p => p.Partition == end.Key && p.NextOffset >= end.Value)),
            "checkpoints at the topic's end",
            TimeSpan.FromSeconds(90),
            cancellationToken);
    }

    private static List<WindowTotals> Sorted(IEnumerable<WindowTotals> windows) =>
        [.. windows.OrderBy(w => w.Partition).ThenBy(w => w.Start).ThenBy(w => w.StoreId, StringComparer.Ordinal)];
}
