using Npgsql;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Xunit;

namespace Streaming.Aggregator.Tests.Startup;

/// <summary>What SIGTERM, which orchestrators of containers send, does to the program.</summary>
[Collection(PostgresForFaults.Name)]
public sealed class TerminationTests(PostgresFixture postgres)
{
    private const int Read = 1000;

    [Fact]
    public async Task Terminated_under_load_it_writes_a_checkpoint_of_what_it_has_read_and_exits_with_0_within_30_seconds()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        // No checkpoint of its own accord while the test runs; reading stops, and says so, at this many events.
        using var program = stage.StartProcess(("CheckpointInterval", "00:01:00"), ("MaxUncommittedEvents", $"{Read}"));
        await stage.ReadyAsync(program);
        await stage.ProduceAsync(Sales.Random(5 * Read, seed: 51));
        await Until.TrueAsync(() => stage.Lines.Says("events are read and not yet committed"), "it has read as much as it may", stage.Lines.ToString);
        Assert.Equal(0, await stage.NumberAsync("SELECT coalesce(sum(next_offset), 0)::bigint FROM checkpoints"));

        var producing = stage.ProduceAsync(Sales.Random(5 * Read, seed: 52, fromMinute: 10));
        var exitCode = await program.TerminateAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(0, exitCode);
        var committed = await stage.NumberAsync("SELECT sum(next_offset)::bigint FROM checkpoints");
        Assert.True(committed >= Read, $"{committed} records are committed; it had read {Read}. {stage.Lines}");
        await producing;
        await stage.StartAggregatorAsync();
        await stage.CommittedAsync(10 * Read);
        Assert.Equal(Recount.Of(stage.ReadAll(Topics.Sales)).Results, await stage.ResultsAsync());
    }

    [Fact]
    public async Task Terminated_while_Kafka_is_away_it_exits_within_30_seconds_too()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        using var program = stage.StartProcess(("Pipelines", "sales-by-store,sales-by-country"));
        await stage.ReadyAsync(program);
        await stage.ProduceAsync(Sales.Random(100, seed: 53));
        await stage.CommittedAsync(100);
        await stage.StopBrokerAsync();

        Assert.Equal(0, await program.TerminateAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Stopped_in_the_moment_in_which_PostgreSQL_goes_away_it_has_not_failed()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var wire = new Wire(database);
        await using var stage = await PipelineStage.CreateAsync(wire.ConnectionString);
        var host = await stage.StartAggregatorAsync(("FiguresInterval", "00:00:00.200"));
        await Until.TrueAsync(() => stage.Lines.Has(2104), "reading", stage.Lines.ToString);
        // A statement that waits for this lock is given up by the stop, and its connection ends before it is told so.
        await using var direct = NpgsqlDataSource.Create(database);
        await using var locking = await direct.OpenConnectionAsync();
        await using var transaction = await locking.BeginTransactionAsync();
        await using var locked = new NpgsqlCommand("LOCK TABLE instance_figures IN ACCESS EXCLUSIVE MODE", locking);
        await locked.ExecuteNonQueryAsync();
        await using var waiting = direct.CreateCommand("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'instance_figures'::regclass");
        await Until.TrueAsync(async () => await waiting.ExecuteScalarAsync() is > 0L, "the figures wait", () => Task.FromResult(stage.Lines.ToString()));

        wire.CutAtTheNextConnection();
        await stage.StopAsync(host);

        Assert.False(stage.Lines.Has(2004), stage.Lines.ToString());
    }
}
