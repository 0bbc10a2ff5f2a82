using Npgsql;
using Streaming.Aggregator.Tests.Checkpoints;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Xunit;

namespace Streaming.Aggregator.Tests.Consuming;

/// <summary>The group takes a partition away: what is written, what is dropped, and for how long the group may have to wait.</summary>
[Collection(PostgresTests.Name)]
public sealed class RebalanceTests(PostgresFixture postgres)
{
    private const string Progress = "SELECT version, next_offset, events FROM checkpoints";

    // No checkpoint of its own accord while a test runs, and time enough for the last one on a busy machine.
    private static readonly AggregatorOptions Options = new() { CheckpointInterval = TimeSpan.FromMinutes(1), RevocationLimit = TimeSpan.FromSeconds(20) };
    private static readonly AggregatorOptions Impatient = new() { CheckpointInterval = TimeSpan.FromMinutes(1), RevocationLimit = TimeSpan.FromMilliseconds(500) };

    [Fact]
    public async Task Revoked_partition_gets_one_checkpoint_and_is_dropped()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        await using (var loop = new LoopStage(bench, Options))
        {
            await loop.AssignAsync();
            await loop.ReadAsync(0, 1, 2);

            await loop.PollAsync(() => loop.Handler.Revoked([loop.Partition]));
            Assert.Equal(["(2,3,3)"], await bench.RowsAsync(Progress));
            await loop.ReadAsync(3);
        }

        Assert.Equal(["(2,3,3)"], await bench.RowsAsync(Progress));
    }

    [Fact]
    public async Task Lost_partition_is_dropped_at_once_and_nothing_of_it_is_written()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        await using (var loop = new LoopStage(bench, Options))
        {
            await loop.AssignAsync();
            await loop.ReadAsync(0, 1, 2);

            await loop.PollAsync(() => loop.Handler.Lost([loop.Partition]));
            await loop.ReadAsync(3);
        }

        Assert.Equal(["(1,0,0)"], await bench.RowsAsync(Progress));
    }

    [Fact]
    public async Task Last_checkpoint_that_does_not_get_through_holds_the_group_up_no_longer_than_its_limit_and_its_records_are_read_again()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        await using var gate = new NpgsqlConnection(bench.ConnectionString);
        await gate.OpenAsync();
        await using (var loop = new LoopStage(bench, Impatient))
        {
            await loop.AssignAsync();
            await loop.ReadAsync(0, 1, 2);
            await using var transaction = await gate.BeginTransactionAsync();
            await using var command = new NpgsqlCommand("LOCK TABLE window_results IN EXCLUSIVE MODE", gate);
            await command.ExecuteNonQueryAsync();

            // Returns while the table is still locked.
            await loop.PollAsync(() => loop.Handler.Revoked([loop.Partition]));
            Assert.True(loop.Lines.Has(2205));
        }

        var next = await bench.ClaimAsync(bench.P0, "b");
        Assert.Equal((0L, 0), (next.NextOffset, next.OpenRows.Count));
    }

    [Fact]
    public async Task Zombie_whose_partition_was_claimed_meanwhile_writes_nothing_in_its_last_checkpoint()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        await using var loop = new LoopStage(bench, Options);
        await loop.AssignAsync();
        await loop.ReadAsync(0, 1, 2);
        await bench.ClaimAsync(bench.P0, "b");
        var before = await bench.DumpAsync();

        await loop.PollAsync(() => loop.Handler.Revoked([loop.Partition]));

        Assert.True(loop.Lines.Has(2203));
        Assert.Equal(before, await bench.DumpAsync());
    }

    [Fact]
    public async Task Instance_that_joins_takes_some_partitions_and_the_others_are_never_let_go()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync();
        await Until.TrueAsync(() => stage.Lines.Count(2104) == 6, "the first instance reads every partition");

        await stage.StartAggregatorAsync();
        await Until.TrueAsync(() => stage.Lines.Count(2104) == 9, "the second instance reads half of them", stage.Lines.ToString);

        // Cooperative: a partition that stays was claimed once. An eager group would have revoked all, and all would have been claimed twice.
        Assert.Equal(3, await stage.NumberAsync("SELECT count(*) FROM checkpoints WHERE version = 1"));
        Assert.Equal(3, await stage.NumberAsync("SELECT count(*) FROM checkpoints WHERE version = 2"));
    }
}
