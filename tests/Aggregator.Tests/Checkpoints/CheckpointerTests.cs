using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Telemetry;
using Streaming.Aggregator.Tests.Servers;
using Xunit;

namespace Streaming.Aggregator.Tests.Checkpoints;

[Collection(PostgresTests.Name)]
public sealed class CheckpointerTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Session_that_is_cut_off_before_its_commit_is_followed_by_another_that_writes_once()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var claim = await bench.ClaimAsync(bench.P0);
        var cuts = 0;

        var result = await WriteAsync(bench, bench.P0.TopicId, [Sale(claim)], step =>
        {
            if (step == 4 && cuts++ == 0)
            {
                CutOff(bench);
            }
        });

        Assert.Equal(2, Assert.Single(result.Written).Value);
        Assert.Equal(["(1,1)"], await bench.RowsAsync("SELECT events, outbox_seq FROM checkpoints"));
        Assert.Equal(2, cuts);
    }

    [Fact]
    public async Task Nothing_is_written_for_a_topic_that_has_another_id_by_now()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var claim = await bench.ClaimAsync(bench.P0);
        var before = await bench.DumpAsync();

        var result = await WriteAsync(bench, Guid.NewGuid(), [Sale(claim)]);

        Assert.Equal(bench.P0, Assert.Single(result.Replaced));
        Assert.Equal(before, await bench.DumpAsync());
    }

    [Fact]
    public async Task Claimed_partition_is_taken_out_and_the_others_are_written()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var (p0, p1) = (await bench.ClaimAsync(bench.P0), await bench.ClaimAsync(bench.P1));
        await bench.ClaimAsync(bench.P1, "b");

        var result = await WriteAsync(bench, bench.P0.TopicId, [Sale(p0), Sale(p1)]);

        Assert.Equal(bench.P1, Assert.Single(result.Claimed));
        Assert.Equal(bench.P0, Assert.Single(result.Written).Key);
        Assert.Equal(["(0,1)", "(1,0)"], await bench.RowsAsync("SELECT partition, events FROM checkpoints ORDER BY 1"));
    }

    private static PartitionChange Sale(Claim claim) =>
        CheckpointBench.Sales(claim, "zurich-1", 0) with { Outgoing = [new("sales-late", null, [1], null)] };

    private static async Task<CheckpointResult> WriteAsync(
        CheckpointBench bench, Guid topicId, IReadOnlyList<PartitionChange> changes, Action<int>? afterStep = null)
    {
        await using var store = new CheckpointStore(bench.Database, "a") { AfterStep = afterStep };
        using var meters = new Meters();
        var status = new ConsumptionStatus();
        using var telemetry = new AggregatorTelemetry(meters);
        var checkpointer = new Checkpointer(store, new FixedIdentity(topicId), telemetry, status, NullLogger.Instance);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await checkpointer.WriteAsync(changes, limit.Token);
    }

    private static void CutOff(CheckpointBench bench)
    {
        using var command = bench.Database.CreateCommand(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        command.ExecuteNonQuery();
    }
}
