using System.Text;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Startup;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Streaming.Contracts.Windows;
using Definition = Streaming.Aggregator.Pipelines.Pipeline;

namespace Streaming.Aggregator.Tests.Pipelines;

/// <summary>Events that are kept beside their windows: each once, the late ones marked, for as long as the definition says.</summary>
[Collection(PostgresForScenarios.Name)]
public sealed class KeptEventTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Every_taken_event_is_kept_once_with_its_values_and_late_ones_are_marked()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync([Kept(TimeSpan.FromDays(1))]);
        var now = DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeMilliseconds();
        await stage.ProduceAsync(
            new StoreSale("a", 5, now), new StoreSale("a", 7, now + 600_000), new StoreSale("a", 9, now), new StoreSale("a", 11, now + 600_001));
        await stage.ProduceAsync([("a"u8.ToArray(), "{"u8.ToArray())]);

        await stage.CommittedAsync(5);

        Assert.Equal(
            [
                $"a {now} False 5 {Body("a", 5, now)}", $"a {now} True 9 {Body("a", 9, now)}",
                $"a {now + 600_000} False 7 {Body("a", 7, now + 600_000)}", $"a {now + 600_001} False 11 {Body("a", 11, now + 600_001)}",
            ],
            await RowsAsync(stage));
    }

    [Fact]
    public async Task Crashes_neither_lose_nor_double_one()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        var start = DateTimeOffset.UtcNow.AddMinutes(-20).ToUnixTimeMilliseconds();
        var sales = Enumerable.Range(0, 4000).Select(i => new StoreSale($"store-{i % 7}", i % 17, start + (i * 100))).ToList();
        for (var part = 0; part < 2; part++)
        {
            using var victim = stage.StartProcess(("Pipelines", "sales-by-country"), ("EnrichmentWait", "00:00:00"));
            await stage.ProduceAsync(sales.GetRange(part * 2000, 2000));
            await Until.TrueAsync(
                async () => await stage.NumberAsync("SELECT coalesce(sum(events), 0)::bigint FROM checkpoints") > part * 2000, "some are counted", () => Task.FromResult(stage.Lines.ToString()));
            victim.Kill();
        }

        await stage.StartAggregatorAsync(("Pipelines", "sales-by-country"), ("EnrichmentWait", "00:00:00"));
        await Until.TrueAsync(
            async () => await stage.NumberAsync("SELECT coalesce(sum(events + late), 0)::bigint FROM checkpoints") == 4000, "all are counted", () => Task.FromResult(stage.Lines.ToString()));

        Assert.Equal(4000, await stage.NumberAsync("SELECT count(*) FROM events"));
        Assert.Equal(
            await stage.NumberAsync("SELECT coalesce(sum(sum), 0)::bigint FROM window_results WHERE window_name = '1m'"),
            await stage.NumberAsync("SELECT coalesce(sum(\"values\"[1]), 0)::bigint FROM events WHERE NOT is_late"));
    }

    [Fact]
    public async Task What_is_older_than_the_retention_is_neither_written_nor_left()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        var pipeline = Kept(TimeSpan.FromMinutes(90));
        var host = await stage.StartAggregatorAsync([pipeline]);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await stage.ProduceAsync(new StoreSale("a", 5, now - 7_200_000), new StoreSale("a", 7, now - 3_600_000), new StoreSale("a", 9, now));
        await stage.CommittedAsync(3);
        Assert.Equal(2, await stage.NumberAsync("SELECT count(*) FROM events"));
        await stage.StopAsync(host);

        var lines = new Microsoft.Extensions.Logging.Abstractions.NullLogger<KeptEventTests>();
        await new EventRetention(stage.Database, pipeline with { KeptEvents = TimeSpan.FromMinutes(30) }, lines).DeleteAsync(CancellationToken.None);
        Assert.Equal(9, await stage.NumberAsync("SELECT sum(\"values\"[1]) FROM events"));

        await new EventRetention(stage.Database, pipeline with { KeptEvents = null }, lines).DeleteAsync(CancellationToken.None);
        Assert.Equal(0, await stage.NumberAsync("SELECT count(*) FROM events"));
    }

    [Fact]
    public async Task Switched_off_none_is_kept_and_the_description_says_so()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync([Kept(TimeSpan.FromHours(1))], ("KeepEvents", "false"));
        await stage.ProduceAsync(new StoreSale("a", 5, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));

        await stage.CommittedAsync(1);

        Assert.Equal(0, await stage.NumberAsync("SELECT count(*) FROM events"));
        Assert.Equal(0, await stage.NumberAsync("SELECT count(*) FROM pipeline_generations WHERE definition ? 'kept_events'"));
    }

    private static PipelineDefinition Kept(TimeSpan retention) => Definition.Named("kept", "Kept")
        .From(Topics.Sales, SaleEvents.Json).KeyedByRecord("store").Windows(WindowSpecs.Tumbling(Minute), WindowSpecs.Hopping(15 * Minute, Minute)).Waits(TimeSpan.Zero)
        .Measures(m => m.Of("amount", sale => sale.Amount).Sum()).KeepEvents(retention).Define();

    private static string Body(string store, int amount, long time) => Encoding.UTF8.GetString(StoreSaleJson.Encode(new StoreSale(store, amount, time)));

    private static async Task<List<string>> RowsAsync(PipelineStage stage)
    {
        await using var command = stage.Database.CreateCommand("""
            SELECT group_key, (extract(epoch FROM event_time) * 1000)::bigint, is_late, "values"[1], body FROM events ORDER BY event_time, is_late
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add($"{reader.GetString(0)} {reader.GetInt64(1)} {reader.GetBoolean(2)} {reader.GetInt64(3)} {Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(4))}");
        }

        return rows;
    }
}
