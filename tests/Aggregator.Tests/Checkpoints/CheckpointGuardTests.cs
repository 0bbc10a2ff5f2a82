using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Tests.Servers;
using Xunit;

namespace Streaming.Aggregator.Tests.Checkpoints;

[Collection(PostgresTests.Name)]
public sealed class CheckpointGuardTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Checkpoint_writes_windows_and_progress_and_the_next_claim_goes_on_from_there()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var claim = await bench.ClaimAsync(bench.P0);

        await bench.WriteAsync("a", CheckpointBench.Sales(claim, "zurich-1", 0, 1000, 2000));

        var again = await bench.ClaimAsync(bench.P0, "b");
        var row = Assert.Single(again.OpenRows);
        Assert.Equal((3L, 30L, "zurich-1"), (row.Measures.Count, (long)row.Measures.Sum, row.Key.Text));
        Assert.Equal((3L, 3L, CheckpointBench.T0 + 2000 - 5000), (again.NextOffset, again.Version, again.WatermarkMs!.Value));
        Assert.True(claim.IsNew);
        Assert.False(again.IsNew);
    }

    [Fact]
    public async Task Claim_by_another_instance_fences_the_first()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var first = await bench.ClaimAsync(bench.P0, "a");
        await bench.ClaimAsync(bench.P0, "b");
        var before = await bench.DumpAsync();

        var refused = await Assert.ThrowsAsync<PartitionClaimedException>(() => bench.WriteAsync("a", CheckpointBench.Sales(first, "zurich-1", 0)));

        Assert.Equal(bench.P0, Assert.Single(refused.Partitions));
        Assert.Equal(before, await bench.DumpAsync());
    }

    [Fact]
    public async Task Zombie_checkpoint_that_moves_no_offset_is_refused_and_writes_nothing()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var zombie = await bench.ClaimAsync(bench.P0, "a");
        await bench.ClaimAsync(bench.P0, "b");
        var before = await bench.DumpAsync();
        var change = CheckpointBench.Nothing(zombie) with { Outgoing = [new("sales-late", null, [1], null)], IdleMarks = [new(0, CheckpointBench.T0)] };

        await Assert.ThrowsAsync<PartitionClaimedException>(() => bench.WriteAsync("a", change));

        Assert.Equal(before, await bench.DumpAsync());
    }

    [Fact]
    public async Task One_claimed_partition_rolls_back_the_others_and_is_the_only_one_named()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var (p0, p1) = (await bench.ClaimAsync(bench.P0, "a"), await bench.ClaimAsync(bench.P1, "a"));
        await bench.ClaimAsync(bench.P1, "b");
        var before = await bench.DumpAsync();

        var refused = await Assert.ThrowsAsync<PartitionClaimedException>(
            () => bench.WriteAsync("a", CheckpointBench.Sales(p0, "zurich-1", 0), CheckpointBench.Sales(p1, "tokyo-1", 0)));

        Assert.Equal(bench.P1, Assert.Single(refused.Partitions));
        Assert.Equal(before, await bench.DumpAsync());
    }

    [Fact]
    public async Task Change_of_a_final_window_stops_the_checkpoint()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var claim = await bench.ClaimAsync(bench.P0);
        await bench.WriteAsync("a", CheckpointBench.Sales(claim, "zurich-1", 0, 200_000));
        var before = await bench.DumpAsync();
        var forgetful = claim with { Version = 2, NextOffset = 2 };

        await Assert.ThrowsAsync<CheckpointInvariantException>(() => bench.WriteAsync("a", CheckpointBench.Sales(forgetful, "zurich-1", 0)));

        Assert.Equal(before, await bench.DumpAsync());
    }

    [Fact]
    public async Task Versions_come_back_in_the_order_of_the_changes()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var p0 = await bench.ClaimAsync(bench.P0);
        await bench.ClaimAsync(bench.P1);
        var p1 = await bench.ClaimAsync(bench.P1);

        var versions = await bench.WriteAsync("a", CheckpointBench.Sales(p1, "tokyo-1", 0), CheckpointBench.Sales(p0, "zurich-1", 0));

        Assert.Equal([3L, 2L], versions);
    }

    [Fact]
    public async Task Only_the_last_mark_before_an_offset_is_kept()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var claim = await bench.ClaimAsync(bench.P0);

        await bench.WriteAsync("a", CheckpointBench.Nothing(claim) with { IdleMarks = [new(0, CheckpointBench.T0)] });
        await bench.WriteAsync("a", CheckpointBench.Nothing(claim with { Version = 2 }) with { IdleMarks = [new(0, CheckpointBench.T0 + 1000)] });

        Assert.Equal(["(0,2026-03-01 12:00:01)"], await bench.RowsAsync("SELECT next_offset, watermark AT TIME ZONE 'UTC' AS w FROM idle_marks"),
            (expected, actual) => expected == actual.Replace("\"", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Late_events_are_added_to_the_row_and_leave_its_measures()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var claim = await bench.ClaimAsync(bench.P0);

        await bench.WriteAsync("a", CheckpointBench.Sales(claim, "zurich-1", 0, 200_000));
        await bench.WriteAsync("a", CheckpointBench.Sales(await bench.ClaimAsync(bench.P0), "zurich-1", 500, 600));

        Assert.Equal(["(1,10,2,t)", "(1,10,0,f)"], await bench.RowsAsync("SELECT count, sum, late, is_final FROM window_results ORDER BY window_start"));
    }
}
