using System.Diagnostics.Metrics;
using Streaming.Aggregator.Control;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Tests.Control;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Streaming.Contracts.Windows;
using Xunit;
using Definition = Streaming.Aggregator.Pipelines.Pipeline;

namespace Streaming.Aggregator.Tests.Pipeline;

[Collection(PostgresForFaults.Name)]
public sealed class BoundTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Outbox_deeper_than_its_bound_pauses_reading_until_it_is_half_empty()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        // Somebody else holds the relay's lease and relays nothing.
        await stage.ExecuteAsync("INSERT INTO relay_leases VALUES ('sales-by-store', 'somebody', now() + interval '1 hour')");
        await stage.ExecuteAsync("INSERT INTO outbox SELECT 'sales-by-store', 1, gen_random_uuid(), 0, n, 'sales-late', null, null, null, now() FROM generate_series(1, 50) n");
        await stage.StartAggregatorAsync(("OutboxBound", "40"));
        await Until.TrueAsync(() => stage.Lines.Has(2109), "reading pauses");

        await stage.ProduceAsync(Sales.Random(100, seed: 10));
        Assert.False(stage.Lines.Has(2110));
        await stage.ExecuteAsync("DELETE FROM outbox");
        await stage.CommittedAsync(100);

        Assert.True(stage.Lines.Has(2110));
    }

    [Fact]
    public async Task Silent_partitions_close_their_windows_by_the_clock_and_leave_a_mark()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync(("IdleTimeout", "00:00:00.500"));
        var old = DateTimeOffset.UtcNow.AddMinutes(-10).ToUnixTimeMilliseconds();
        await stage.ProduceAsync(new StoreSale("zurich-1", 10, old));

        await Until.TrueAsync(async () => await stage.NumberAsync("SELECT count(*) FROM window_results WHERE is_final") == 1, "the window closes");

        Assert.Equal(1, await stage.NumberAsync("SELECT count(*) FROM idle_marks WHERE next_offset = 1"));
        Assert.Equal(0, await stage.NumberAsync("SELECT count(*) FROM checkpoints WHERE watermark > now() - interval '5.5 seconds'"));
        await Until.TrueAsync(async () => await stage.NumberAsync("SELECT count(*) FROM checkpoints WHERE watermark > now() - interval '20 seconds'") == 6, "empty partitions advance too");
    }

    [Fact]
    public async Task Progress_outside_of_the_log_stops_that_partition_until_an_administrator_accepts_the_gap()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        var first = await stage.StartAggregatorAsync();
        await stage.ProduceAsync(Sales.Random(1000, seed: 11));
        await stage.CommittedAsync(1000);
        await stage.StopAsync(first);
        var partition = await stage.NumberAsync("SELECT min(partition) FROM checkpoints WHERE next_offset > 0");
        await stage.ExecuteAsync($"UPDATE checkpoints SET next_offset = 1000000, version = version + 1 WHERE partition = {partition}");

        await stage.StartAggregatorAsync(("GapRecheck", "00:00:00.500"));
        await Until.TrueAsync(() => stage.Lines.Has(2106), "the gap is reported");
        await stage.ProduceAsync(Sales.Random(1000, seed: 12, fromMinute: 10));
        await Until.TrueAsync(async () => await stage.NumberAsync("SELECT sum(events + late)::bigint FROM checkpoints") > 1500, "the other partitions go on");
        Assert.Equal(1_000_000, await stage.NumberAsync("SELECT max(next_offset) FROM checkpoints"));
        var control = stage.Control();
        var offset = await stage.NumberAsync($"SELECT events + late FROM checkpoints WHERE pipeline = 'sales-by-store' AND partition = {partition}");
        Assert.Equal([partition], (await control.ReportAsync(CancellationToken.None))[0].Partitions.Where(p => p.IsStoppedAtGap).Select(p => (long)p.Partition));
        await Assert.ThrowsAsync<ControlRefusedException>(() => AcceptAsync(2_000_000));
        Assert.Equal(offset, (await AcceptAsync(offset)).NextOffset);
        Task<ActionReport> AcceptAsync(long at) => control.AcceptGapAsync(control.Find("sales-by-store")!, (int)partition, null, at, "a test", CancellationToken.None);

        await Until.TrueAsync(async () => await stage.NumberAsync("SELECT sum(events + late)::bigint FROM checkpoints") == 2000, "the stopped partition goes on",
            () => Task.FromResult(stage.Lines.ToString()));
        Assert.Equal(Recount.Of(stage.ReadAll(Topics.Sales)).Results, await stage.ResultsAsync());
    }

    [Fact]
    public async Task State_over_its_bound_is_evicted_and_loaded_again_and_the_results_are_the_same()
    {
        long recalled = 0;
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "streaming.aggregator.windows.recalled")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>((_, rows, _, _) => Interlocked.Add(ref recalled, rows));
        meters.Start();
        await using var stage = await PipelineStage.CreateAsync(postgres);
        // Nothing may stay: every open window that a checkpoint has written is let go of at once.
        await stage.StartAggregatorAsync(("MaxStateBytes", "1"));
        var produced = 0;
        foreach (var part in Sales.Random(3000, seed: 13).Chunk(300))
        {
            await stage.ProduceAsync(part);
            await stage.CommittedAsync(produced += part.Length);
        }

        Assert.Equal(Recount.Of(stage.ReadAll(Topics.Sales)).Results, await stage.ResultsAsync());
        Assert.True(recalled > 50, $"Only {recalled} rows were loaded again.");
        Assert.False(stage.Lines.Has(2118));
    }

    [Fact]
    public async Task Every_kind_of_windows_comes_out_the_same_when_nothing_may_stay_in_memory()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        // No clock closes windows: both pipelines see the same.
        var bounded = await stage.StartAggregatorAsync([EveryKind("bounded")], ("Pipelines", ""), ("MaxStateBytes", "1"), ("IdleTimeout", "1.00:00:00"));
        var produced = 0;
        foreach (var part in Sales.Random(2000, seed: 14).Chunk(400))
        {
            await stage.ProduceAsync(part);
            await stage.CommittedAsync(produced += part.Length);
        }

        await stage.StopAsync(bounded);
        await stage.StartAggregatorAsync([EveryKind("kept")], ("Pipelines", ""), ("IdleTimeout", "1.00:00:00"));
        await stage.CommittedAsync(2 * produced);

        Assert.Equal(await RowsAsync(stage, "kept"), await RowsAsync(stage, "bounded"));
        Assert.Equal(2, await stage.NumberAsync("SELECT count(DISTINCT pipeline) FROM window_results WHERE is_final AND window_name = '2m/1m'"));
    }

    private static PipelineDefinition EveryKind(string name) => Definition.Named(name, name).From(Topics.Sales, SaleEvents.Json).KeyedByRecord("store")
        .Windows(
            WindowSpecs.Tumbling(TimeSpan.FromMinutes(1)), WindowSpecs.Hopping(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(1)),
            WindowSpecs.Session(TimeSpan.FromSeconds(4)), WindowSpecs.Days("Europe/Zurich"))
        .Waits(outOfOrderness: TimeSpan.FromSeconds(5), grace: TimeSpan.FromSeconds(3))
        .Measures(m => m.Count().Of("amount", sale => sale.Amount).Sum().P50())
        .Define();

    private static async Task<IReadOnlyList<string>> RowsAsync(PipelineStage stage, string pipeline)
    {
        await using var command = stage.Database.CreateCommand($"""
            SELECT (partition, window_name, is_pane, window_start, window_end, group_key, count, sum, min, max, is_final, late, encode(state, 'hex'))::text
            FROM window_results WHERE pipeline = '{pipeline}' ORDER BY 1
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
