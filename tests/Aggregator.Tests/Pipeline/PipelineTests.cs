using System.Text;
using System.Text.Json;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Xunit;

namespace Streaming.Aggregator.Tests.Pipeline;

[Collection(PostgresTests.Name)]
public sealed class PipelineTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Results_equal_an_independent_recount_and_every_closed_window_leaves_once()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync();
        await stage.ProduceAsync(Sales.Random(20_000, seed: 7));

        await stage.CommittedAsync(20_000);
        await stage.OutboxIsEmptyAsync();

        var (expected, late, _) = Recount.Of(stage.ReadAll(Topics.Sales));
        Assert.Equal(expected, await stage.ResultsAsync());
        Assert.Equal(late, stage.ReadAll(Topics.SalesLate).Count);
        Assert.Equal(late, await stage.NumberAsync("SELECT sum(late)::bigint FROM checkpoints"));
        Assert.True(late > 0);
        var closed = stage.ReadAll(Topics.SalesAggregate).Select(record => SalesWindowJson.Decode(record.Message.Value)).ToList();
        Assert.Equal(await stage.NumberAsync("SELECT count(*) FROM window_results WHERE is_final"), closed.Count);
        Assert.All(closed, window => Assert.Equal(expected[(window.StoreId, window.WindowStart.UtcDateTime)], new(window.Count, (long)window.Sum, window.Min, window.Max)));
    }

    [Fact]
    public async Task Bad_records_go_to_the_dead_letter_with_their_origin_and_touch_no_window()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync();
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var bad = new (string? Key, string? Value, string Reason)[]
        {
            ("zurich-1", "not json", "malformed"),
            ("zurich-1", """{"store_id":"zurich-1","sale_amount":-5,"sale_ts":1767225600000}""", "negative-amount"),
            ("zurich-1", """{"store_id":"zurich-1","sale_amount":2000000000,"sale_ts":1767225600000}""", "absurd-amount"),
            ("zurich-1", $$"""{"store_id":"zurich-1","sale_amount":5,"sale_ts":{{now + 3_600_000}}}""", "too-far-ahead"),
            ("zurich-1", """{"store_id":"tokyo-1","sale_amount":5,"sale_ts":1767225600000}""", "key-mismatch"),
            (null, """{"store_id":"tokyo-1","sale_amount":5,"sale_ts":1767225600000}""", "no-key"),
            ("zurich-1", null, "no-value"),
            ("zurich-1", """{"store_id":"zurich-1","sale_ts":1767225600000}""", "missing-field"),
        };
        StoreSale[] good = [new("zurich-1", 10, now - 60_000), new("zurich-1", 20, now - 59_000)];
        await stage.ProduceAsync(good[..1]);
        await stage.ProduceAsync(bad.Select(b => (Bytes(b.Key), Bytes(b.Value))));
        await stage.ProduceAsync(good[1..]);

        await stage.CommittedAsync(bad.Length + good.Length);
        await stage.OutboxIsEmptyAsync();

        Assert.Equal(2, (await stage.ResultsAsync()).Values.Sum(minute => minute.Count));
        var letters = stage.ReadAll(Topics.SalesDeadLetter);
        Assert.Equal(bad.Select(b => b.Reason).Order(), letters.Select(letter => Header(letter, HeaderNames.Reason)).Order());
        var inputs = stage.ReadAll(Topics.Sales).ToDictionary(r => (r.Partition.Value, r.Offset.Value), r => r.Message);
        Assert.All(letters, letter =>
        {
            var origin = inputs[(int.Parse(Header(letter, HeaderNames.OriginPartition)), long.Parse(Header(letter, HeaderNames.OriginOffset)))];
            Assert.Equal((origin.Key, origin.Value), (letter.Message.Key, letter.Message.Value), (a, b) => Same(a.Item1, b.Item1) && Same(a.Item2, b.Item2));
            Assert.Equal("sales", Header(letter, HeaderNames.OriginTopic));
        });
        Assert.True(stage.Lines.Has(2107));
    }

    [Fact]
    public async Task Unknown_store_is_counted_logged_and_part_of_the_results()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync();
        await Until.TrueAsync(() => stage.Lines.Has(2104), "partitions are read");
        await stage.ProduceAsync([(Bytes("zurich-1"), StoreJson.Encode(new("zurich-1", "Zürich", "Zürich", "CH", 47.4, 8.5, "CHF")))], Topics.Stores.Name);
        await Until.TrueAsync(async () => await stage.NumberAsync("SELECT count(*) FROM stores WHERE currency = 'CHF'") == 1, "the store is projected");

        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await stage.ProduceAsync(new StoreSale("zurich-1", 1, now), new StoreSale("atlantis-1", 2, now));
        await stage.CommittedAsync(2);

        Assert.Equal(1, await stage.NumberAsync("SELECT sum(unknown_keys)::bigint FROM checkpoints"));
        Assert.Equal(2, (await stage.ResultsAsync()).Count);
        Assert.True(stage.Lines.Has(2108));
    }

    [Fact]
    public async Task Instances_that_start_at_once_on_an_empty_database_share_the_work()
    {
        await using var stage = await PipelineStage.CreateAsync(await postgres.CreateEmptyDatabaseAsync());
        await Task.WhenAll(stage.StartAggregatorAsync(), stage.StartAggregatorAsync());
        await stage.ProduceAsync(Sales.Random(3000, seed: 13));
        await Until.TrueAsync(() => stage.Lines.Count(2003) == 2, "both find the database migrated", stage.Lines.ToString);

        await stage.CommittedAsync(3000);

        Assert.Equal(Recount.Of(stage.ReadAll(Topics.Sales)).Results, await stage.ResultsAsync());
        Assert.Equal(1, await stage.NumberAsync("SELECT count(*) FROM pipelines"));
        Assert.Equal(1, await stage.NumberAsync("SELECT count(*) FROM installation"));
    }

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    private static bool Same(byte[]? a, byte[]? b) => a is null ? b is null : b is not null && a.AsSpan().SequenceEqual(b);

    private static string Header(Confluent.Kafka.ConsumeResult<byte[]?, byte[]?> record, string name) => Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes(name));
}
