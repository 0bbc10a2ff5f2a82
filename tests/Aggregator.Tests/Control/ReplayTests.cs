using Confluent.Kafka;
using Streaming.Aggregator.Control;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts;
using Streaming.Contracts.Windows;
using Xunit;

namespace Streaming.Aggregator.Tests.Control;

[Collection(PostgresForFaults.Name)]
public sealed class ReplayTests(PostgresFixture postgres)
{
    private static readonly PipelineDefinition[] One = [SalesByStore.Define()];

    [Fact]
    public async Task Replay_equals_the_first_run_row_for_row_with_out_of_order_and_late_events_and_idle_marks()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync(One, ("IdleTimeout", "00:00:00.500"));
        await stage.StartAggregatorAsync(One, ("IdleTimeout", "00:00:00.500"));
        await stage.ProduceAsync(Sales.Random(4000, seed: 31));
        await stage.CommittedAsync(4000);
        await Until.TrueAsync(async () => await stage.NumberAsync("SELECT count(*) FROM window_results WHERE NOT is_final") == 0, "the clock closes all windows", () => Task.FromResult(stage.Lines.ToString()));
        // Late only because of the marks: without them a window of half an hour later would still have been open.
        await stage.ProduceAsync(Sales.Random(500, seed: 32, fromMinute: 30));
        await stage.ProduceAsync([("zurich-1"u8.ToArray(), "no sale"u8.ToArray())]);
        await stage.CommittedAsync(4501);
        await stage.OutboxIsEmptyAsync();
        var (rows, counts) = (await stage.RowsAsync(1), await CountsAsync(stage, 1));
        Assert.True(await stage.NumberAsync("SELECT sum(late)::bigint FROM checkpoints") >= 500);

        var report = await stage.ReplayAsync();
        await stage.ActiveAsync(2);

        Assert.Equal((2, null), (report.Generation, report.CoversFrom));
        Assert.Equal(rows, await stage.RowsAsync(2));
        Assert.Equal(counts, await CountsAsync(stage, 2));
        await stage.ProduceAsync(Sales.Random(500, seed: 33, fromMinute: 100));
        await Until.TrueAsync(async () => await stage.NumberAsync("SELECT sum(next_offset)::bigint FROM checkpoints WHERE generation = 2") == 5001, "generation 2 goes on", () => Task.FromResult(stage.Lines.ToString()));
        Assert.Equal(4501, await stage.NumberAsync("SELECT sum(next_offset)::bigint FROM checkpoints WHERE generation = 1"));
        await stage.OutboxIsEmptyAsync();
        var sent = stage.ReadAll(Topics.SalesAggregate).Select(record => SalesWindowJson.Decode(record.Message.Value)).ToList();
        Assert.Equal(rows.Count, sent.Count(window => window.Generation == 1));
        Assert.Equal(await stage.NumberAsync("SELECT count(*) FROM window_results WHERE generation = 2 AND is_final"), sent.Count(window => window.Generation == 2));
    }

    [Fact]
    public async Task Replay_from_a_time_keeps_the_former_windows_and_readers_see_no_difference()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        var pipeline = SalesByStore.Define() with
        {
            Windows = new WindowPlan([WindowSpecs.Tumbling(TimeSpan.FromSeconds(1))], TimeSpan.Zero, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500)),
            Fingerprint = "seconds",
        };
        await stage.StartAggregatorAsync([pipeline], ("IdleTimeout", "00:00:00.500"), ("RetiredGrace", "00:00:01"));
        await ProduceNowAsync(stage, seconds: 8);
        var from = DateTimeOffset.UtcNow.AddSeconds(-4);
        await Until.TrueAsync(
            async () => await stage.NumberAsync($"SELECT count(*) FROM checkpoints WHERE watermark > '{from.AddSeconds(2):O}'") == Topics.Sales.Partitions, "watermarks pass");
        await Until.TrueAsync(async () => await stage.NumberAsync("SELECT count(*) FROM window_results WHERE NOT is_final") == 0, "all is closed");
        var rows = await stage.RowsAsync(1);

        var report = await stage.ReplayAsync(pipeline, from);
        await stage.ActiveAsync(2);

        Assert.InRange(report.CoversFrom!.Value, from, from.AddMilliseconds(501));
        Assert.Equal(rows, await stage.ShownAsync());
        var own = await stage.RowsAsync(2);
        Assert.Contains(own, row => row.Start >= report.CoversFrom.Value.UtcDateTime);
        await Until.TrueAsync(
            async () => await stage.NumberAsync($"SELECT count(*) FROM window_results WHERE generation = 1 AND window_start >= '{report.CoversFrom:O}'") == 0,
            "the retired rows that nobody shows are deleted");
        Assert.Equal(rows, await stage.ShownAsync());
        await stage.OutboxIsEmptyAsync();
        Assert.All(
            stage.ReadAll(Topics.SalesAggregate).Select(record => SalesWindowJson.Decode(record.Message.Value)).Where(window => window.Generation == 2),
            window => Assert.True(window.WindowStart >= report.CoversFrom));
    }

    [Fact]
    public async Task Replay_from_an_instant_whose_windows_are_open_is_refused_with_the_latest_one_that_is_possible()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync(One);
        await stage.ProduceAsync(Sales.Random(1000, seed: 34));
        await stage.CommittedAsync(1000);

        var refusal = await Assert.ThrowsAsync<ControlRefusedException>(() => stage.ReplayAsync(from: DateTimeOffset.UtcNow));

        Assert.Contains("latest instant", refusal.Message);
        Assert.Equal(1, await stage.NumberAsync("SELECT count(*) FROM pipeline_generations"));
    }

    [Fact]
    public async Task Instance_killed_in_the_middle_of_a_replay_leaves_it_to_the_other_one()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync(One);
        await stage.ProduceAsync(Sales.Random(20_000, seed: 35));
        await stage.CommittedAsync(20_000);
        using var other = stage.StartProcess();
        await Until.TrueAsync(
            async () => await stage.NumberAsync("SELECT count(DISTINCT owner) FROM checkpoints WHERE pipeline = 'sales-by-store'") == 2, "both share the partitions", () => Task.FromResult(stage.Lines.ToString()));
        var rows = await stage.RowsAsync(1);

        await stage.ReplayAsync();
        await Until.TrueAsync(async () => await stage.NumberAsync("SELECT count(*) FROM checkpoints WHERE generation = 2 AND version > 0") > 0, "building has begun");
        other.Kill();
        await stage.ActiveAsync(2);

        Assert.Equal(rows, await stage.RowsAsync(2));
    }

    [Fact]
    public async Task Changed_definition_is_replayed_and_the_pipeline_is_healthy_again()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        var first = await stage.StartAggregatorAsync(One);
        await stage.ProduceAsync(Sales.Random(2000, seed: 36));
        await stage.CommittedAsync(2000);
        await stage.StopAsync(first);
        var hours = SalesByStore.Define() with { Windows = SalesByStore.Define().Windows with { Windows = [WindowSpecs.Tumbling(TimeSpan.FromHours(1))] }, Fingerprint = "hours" };
        await stage.StartAggregatorAsync([hours]);
        await Until.TrueAsync(() => stage.Lines.Has(2010), "it asks for a replay", stage.Lines.ToString);
        await stage.ProduceAsync(Sales.Random(500, seed: 37, fromMinute: 10));

        await stage.ReplayAsync(hours);
        await stage.ActiveAsync(2);
        await Until.TrueAsync(async () => await stage.NumberAsync("SELECT sum(next_offset)::bigint FROM checkpoints WHERE generation = 2") == 2500, "what came meanwhile is read too");

        Assert.All(await stage.RowsAsync(2), row => Assert.Equal(TimeSpan.FromHours(1), row.End - row.Start));
        Assert.Equal(2500, await stage.NumberAsync("SELECT sum(events + late)::bigint FROM checkpoints WHERE generation = 2"));
        var report = Assert.Single(await stage.Control(hours).ReportAsync(CancellationToken.None));
        Assert.Equal(("running", 2, true), (report.State, report.Generation, report.FingerprintMatches));
    }

    [Fact]
    public async Task Replay_of_a_paused_pipeline_waits_can_be_cancelled_and_excludes_a_second_one()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync(One);
        await stage.ProduceAsync(Sales.Random(1000, seed: 38));
        await stage.CommittedAsync(1000);
        var (control, pipeline) = (stage.Control(), One[0]);
        await control.SetPausedAsync(pipeline, isPaused: true, "a test", CancellationToken.None);

        var replay = await stage.ReplayAsync();
        Assert.Contains("paused", replay.Warning);
        await Assert.ThrowsAsync<ControlRefusedException>(() => stage.ReplayAsync());
        var report = Assert.Single(await control.ReportAsync(CancellationToken.None));
        Assert.Equal(("paused", 0L, 1000L, 0.0), (report.State, report.Replay!.RecordsRead, report.Replay.RecordsRemaining, report.Replay.Percent));

        var cancelled = await control.CancelReplayAsync(pipeline, "a test", CancellationToken.None);
        Assert.Equal(2, cancelled.Generation);
        await Assert.ThrowsAsync<ControlRefusedException>(() => control.CancelReplayAsync(pipeline, "a test", CancellationToken.None));
        await control.SetPausedAsync(pipeline, isPaused: false, "a test", CancellationToken.None);

        Assert.Equal(3, (await stage.ReplayAsync()).Generation);
        await stage.ActiveAsync(3);
        Assert.Equal(await stage.RowsAsync(1), await stage.RowsAsync(3));
        Assert.Empty(await stage.RowsAsync(2));
    }

    private static Task<string?> CountsAsync(PipelineStage stage, int generation) => stage.TextAsync($"""
        SELECT json_agg(c)::text FROM (SELECT partition, next_offset, events, late, rejected FROM checkpoints WHERE generation = {generation} ORDER BY partition) c
        """);

    /// <summary>Sales whose event times are the clock's, for some seconds.</summary>
    [Fact]
    public async Task Replay_of_a_topic_with_transactions_passes_the_marker_at_which_the_former_generation_ended()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        // The stage that enriches runs in both: the former generation's windows stand still while its source grows behind a marker.
        var first = await stage.StartAggregatorAsync([SalesByCountry.Define()], ("EnrichmentWait", "00:00:00"));
        await stage.ProduceAsync(Sales.Random(2000, seed: 41));
        await Until.TrueAsync(async () => await EventsAsync(stage, 1) == 2000, "the first generation has counted all", () => Task.FromResult(stage.Lines.ToString()));
        await Until.TrueAsync(
            async () => await stage.NumberAsync("SELECT sum(next_offset)::bigint FROM checkpoints") == End(stage), "the markers at the end are passed", () => Task.FromResult(stage.Lines.ToString()));
        await stage.StopAsync(first);
        var another = SalesByCountry.Define() with { Fingerprint = "another" };
        await stage.StartAggregatorAsync([another], ("EnrichmentWait", "00:00:00"));
        await Until.TrueAsync(() => stage.Lines.Has(2010), "it asks for a replay", stage.Lines.ToString);
        await stage.ProduceAsync(Sales.Random(500, seed: 42, fromMinute: 10));
        await Until.TrueAsync(() => stage.ReadAll(Topics.SalesEnriched).Count == 2500, "the source has grown", stage.Lines.ToString);

        await stage.ReplayAsync(another);

        await Until.TrueAsync(
            async () => await stage.NumberAsync("SELECT generation FROM pipelines WHERE name = 'sales-by-country'") == 2, "it takes over", () => Task.FromResult(stage.Lines.ToString()));
        await Until.TrueAsync(async () => await EventsAsync(stage, 2) == 2500, "the second generation has counted all", () => Task.FromResult(stage.Lines.ToString()));
    }

    private static long End(PipelineStage stage)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = stage.BootstrapServers, GroupId = "end" }).Build();
        return Enumerable.Range(0, Topics.SalesEnriched.Partitions).Sum(partition =>
            consumer.QueryWatermarkOffsets(new TopicPartition(Topics.SalesEnriched.Name, partition), TimeSpan.FromSeconds(10)).High.Value);
    }

    private static Task<long> EventsAsync(PipelineStage stage, int generation) =>
        stage.NumberAsync($"SELECT coalesce(sum(events + late), 0)::bigint FROM checkpoints WHERE generation = {generation}");

    private static async Task ProduceNowAsync(PipelineStage stage, int seconds)
    {
        var random = new Random(5);
        for (var i = 0; i < seconds * 5; i++)
        {
            var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            await stage.ProduceAsync(Enumerable.Range(0, 20).Select(_ => new StoreSale(Sales.Stores[random.Next(Sales.Stores.Length)], random.Next(1, 500), now - random.Next(80))));
            await Task.Delay(200);
        }
    }
}
