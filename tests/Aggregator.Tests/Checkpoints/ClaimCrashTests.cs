using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Tests.Servers;
using Xunit;

namespace Streaming.Aggregator.Tests.Checkpoints;

/// <summary>The table of docs/semantics.md, "A claim, step by step", a test for each row: the process dies after step N.</summary>
[Collection(PostgresTests.Name)]
public sealed class ClaimCrashTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Death_after_a_step_before_the_commit_leaves_the_former_owner_in_charge(int step)
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var former = await bench.ClaimAsync(bench.P0, "a");
        await bench.WriteAsync("a", CheckpointBench.Sales(former, "zurich-1", 0, 1000));
        var before = await bench.DumpAsync();

        await Assert.ThrowsAsync<DiedException>(() => DieAfterAsync(step, bench));

        Assert.Equal(before, await bench.DumpAsync());
        await bench.WriteAsync("a", CheckpointBench.Sales(former with { Version = 2, NextOffset = 2 }, "zurich-1", 2000));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Death_before_the_commit_of_a_first_claim_leaves_no_row(int step)
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);

        await Assert.ThrowsAsync<DiedException>(() => DieAfterAsync(step, bench));

        Assert.Equal("", await bench.DumpAsync());
        Assert.True((await bench.ClaimAsync(bench.P0, "c")).IsNew);
    }

    [Fact]
    public async Task Death_after_the_commit_fences_the_former_owner_and_the_next_claim_finds_what_it_left()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var former = await bench.ClaimAsync(bench.P0, "a");
        await bench.WriteAsync("a", CheckpointBench.Sales(former, "zurich-1", 0, 1000));

        await Assert.ThrowsAsync<DiedException>(() => DieAfterAsync(3, bench));

        await Assert.ThrowsAsync<PartitionClaimedException>(
            () => bench.WriteAsync("a", CheckpointBench.Sales(former with { Version = 2, NextOffset = 2 }, "zurich-1", 2000)));
        var next = await bench.ClaimAsync(bench.P0, "c");
        Assert.Equal((4L, 2L), (next.Version, next.NextOffset));
        Assert.Equal(2, Assert.Single(next.OpenRows).Measures.Count);
    }

    [Fact]
    public async Task Death_while_reading_loses_only_what_was_in_memory()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var reading = await bench.ClaimAsync(bench.P0, "b");
        var before = await bench.DumpAsync();
        _ = CheckpointBench.Sales(reading, "zurich-1", 0, 1000); // step 4: read, and never written

        Assert.Equal(before, await bench.DumpAsync());
        var next = await bench.ClaimAsync(bench.P0, "c");
        Assert.Equal((0L, 0), (next.NextOffset, next.OpenRows.Count));
    }

    private static Task<Claim> DieAfterAsync(int step, CheckpointBench bench) =>
        bench.ClaimAsync(new ClaimStore(bench.Database, "b") { AfterStep = done => _ = done == step ? throw new DiedException() : 0 });

    private sealed class DiedException : Exception;
}
