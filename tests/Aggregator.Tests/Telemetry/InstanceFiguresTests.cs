using Npgsql;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts.Measures;

namespace Streaming.Aggregator.Tests.Telemetry;

[Collection(PostgresTests.Name)]
public sealed class InstanceFiguresTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_running_instance_says_how_it_runs_and_takes_its_rows_along_when_it_stops()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        var host = await stage.StartAggregatorAsync(("FiguresInterval", "00:00:00.200"));
        await stage.ProduceAsync(Sales.Random(500, seed: 21));
        await stage.CommittedAsync(500);
        const string Total = "SELECT coalesce(sum(events + late + rejected), 0)::bigint FROM instance_figures WHERE pipeline = 'sales-by-store' AND generation = 1 AND partitions = 6";
        await Until.TrueAsync(async () => await stage.NumberAsync(Total) == 500, "all records are in the figures", async () => $"{await stage.NumberAsync(Total)}; {stage.Lines}");

        var (eventToCommit, checkpoints, taken) = await SketchesAsync(stage);
        // Where a checkpoint has more events than are picked, each stands for some: one pick too many in each partition at most.
        var events = await stage.NumberAsync("SELECT sum(events)::bigint FROM checkpoints");
        Assert.InRange(eventToCommit.Count, events, events + (events / 10));
        Assert.Equal(taken, checkpoints.Count);
        Assert.InRange(checkpoints.Quantile(0.5)!.Value, 100, 60_000_000);
        Assert.Equal(0, await stage.NumberAsync("SELECT refused_events + checkpoint_failures FROM instance_figures"));
        const string Closed = "SELECT (SELECT sum(closed_windows) FROM instance_figures)::bigint - (SELECT count(*) FROM window_results WHERE is_final)";
        await Until.TrueAsync(async () => await stage.NumberAsync(Closed) == 0, "all closed windows are in the figures", async () => $"{await stage.NumberAsync(Closed)}; {stage.Lines}");

        await stage.StopAsync(host);
        Assert.Equal(0, await stage.NumberAsync("SELECT count(*) FROM instance_figures"));
    }

    private static async Task<(QuantileSketch EventToCommit, QuantileSketch Checkpoints, long Taken)> SketchesAsync(PipelineStage stage)
    {
        await using NpgsqlCommand command = stage.Database.CreateCommand("SELECT event_to_commit, checkpoint_duration, checkpoints FROM instance_figures");
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        return (QuantileSketch.Decode(reader.GetFieldValue<byte[]>(0)), QuantileSketch.Decode(reader.GetFieldValue<byte[]>(1)), reader.GetInt64(2));
    }
}
