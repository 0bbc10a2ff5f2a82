using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Streaming.Embedded.Postgres;
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
    public async Task Terminated_in_the_moment_in_which_PostgreSQL_goes_away_it_exits_with_0_too()
    {
        var folder = Directory.CreateTempSubdirectory("streaming-termination-").FullName;
        var server = await PostgresServer.StartAsync(new PostgresOptions { DataDirectory = Path.Combine(folder, "postgres") });
        try
        {
            await using var stage = await PipelineStage.CreateAsync(server.ConnectionString + ";Database=streaming");
            using var program = stage.StartProcess(("Pipelines", "sales-by-store,sales-by-country"), ("FiguresInterval", "00:00:00.200"));
            await stage.ReadyAsync(program);
            await stage.ProduceAsync(Sales.Random(100, seed: 54));
            await stage.CommittedAsync(100);

            var exit = program.TerminateAsync(TimeSpan.FromSeconds(30));
            await server.DisposeAsync();

            Assert.True(await exit == 0, stage.Lines.ToString());
        }
        finally
        {
            await server.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
