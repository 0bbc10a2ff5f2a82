using Npgsql;
using Streaming.Aggregator.Enrichment;
using Streaming.Aggregator.Telemetry;
using Streaming.Aggregator.Tests.Checkpoints;
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
        // Counts are since the start, sketches of the last minute: here no minute passes, however long the test takes.
        stage.TelemetryClock = new StillClock();
        var host = await stage.StartAggregatorAsync(("FiguresInterval", "00:00:00.200"));
        await stage.ProduceAsync(Sales.Random(500, seed: 21));
        await stage.CommittedAsync(500);
        const string Total = "SELECT coalesce(sum(events + late + rejected), 0)::bigint FROM instance_figures WHERE pipeline = 'sales-by-store' AND generation = 1 AND partitions = 6";
        await Until.TrueAsync(async () => await stage.NumberAsync(Total) == 500, "all records are in the figures", async () => $"{await stage.NumberAsync(Total)}; {stage.Lines}");

        // A checkpoint, one of the clock's perhaps, may end between the reading of a row's counts and of its sketches; the next row has it in both.
        await Until.TrueAsync(async () => await SketchesAsync(stage) is var row && row.Taken == row.Checkpoints.Count, "every checkpoint is in the sketch", () => Task.FromResult(stage.Lines.ToString()));
        var (eventToCommit, checkpoints, _) = await SketchesAsync(stage);
        // Where a checkpoint has more events than are picked, each stands for some: one pick too many in each partition at most.
        var events = await stage.NumberAsync("SELECT sum(events)::bigint FROM checkpoints");
        Assert.InRange(eventToCommit.Count, events, events + (events / 10));
        Assert.InRange(checkpoints.Quantile(0.5)!.Value, 100, 60_000_000);
        Assert.Equal(0, await stage.NumberAsync("SELECT refused_events + checkpoint_failures FROM instance_figures"));
        const string Closed = "SELECT (SELECT sum(closed_windows) FROM instance_figures)::bigint - (SELECT count(*) FROM window_results WHERE is_final)";
        await Until.TrueAsync(async () => await stage.NumberAsync(Closed) == 0, "all closed windows are in the figures", async () => $"{await stage.NumberAsync(Closed)}; {stage.Lines}");

        await stage.StopAsync(host);
        Assert.Equal(0, await stage.NumberAsync("SELECT count(*) FROM instance_figures"));
    }

    [Fact]
    public async Task Tables_that_are_not_there_stop_nobody()
    {
        await using var database = NpgsqlDataSource.Create(await postgres.CreateEmptyDatabaseAsync());
        using var meters = new Meters();
        using var telemetry = new AggregatorTelemetry(meters);
        using var stopping = new CancellationTokenSource();
        var lines = new LineLog();

        Task[] writers =
        [
            new InstanceFiguresTable(database, "a", telemetry, TimeSpan.FromMilliseconds(100), lines).RunAsync(stopping.Token),
            new StageProgressTable(database, "p", "a", lines).RunAsync(stopping.Token),
        ];
        await Until.TrueAsync(() => lines.Has(2605) && lines.Has(2414), "both say so", lines.ToString);

        Assert.All(writers, writer => Assert.False(writer.IsCompleted));
        await stopping.CancelAsync();
        await Task.WhenAll(writers);
    }

    private sealed class StillClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }

    private static async Task<(QuantileSketch EventToCommit, QuantileSketch Checkpoints, long Taken)> SketchesAsync(PipelineStage stage)
    {
        await using NpgsqlCommand command = stage.Database.CreateCommand("SELECT event_to_commit, checkpoint_duration, checkpoints FROM instance_figures");
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        return (QuantileSketch.Decode(reader.GetFieldValue<byte[]>(0)), QuantileSketch.Decode(reader.GetFieldValue<byte[]>(1)), reader.GetInt64(2));
    }
}
