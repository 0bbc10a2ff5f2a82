using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Tests.Servers;
using Xunit;

namespace Streaming.Aggregator.Tests.Checkpoints;

/// <summary>
/// The table of docs/semantics.md, "Checkpoints, step by step", a test for each row: the process dies after step N; before the commit nothing is half-done,
/// after it everything is there, and the next owner goes on right.
/// </summary>
[Collection(PostgresTests.Name)]
public sealed class CheckpointCrashTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Death_after_a_step_before_the_commit_leaves_nothing(int step)
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var claim = await bench.ClaimAsync(bench.P0);
        var before = await bench.DumpAsync();

        await Assert.ThrowsAsync<DiedException>(() => DieAfterAsync(step, bench, Everything(claim)));

        Assert.Equal(before, await bench.DumpAsync());
        var successor = await bench.ClaimAsync(bench.P0, "b");
        Assert.Equal((0L, 0), (successor.NextOffset, successor.OpenRows.Count));
        await bench.WriteAsync("b", Everything(successor));
        Assert.Equal(["(1)", "(2)"], await bench.RowsAsync("SELECT seq FROM outbox ORDER BY seq"));
    }

    [Fact]
    public async Task Death_after_the_commit_leaves_everything_and_a_second_try_is_refused()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var claim = await bench.ClaimAsync(bench.P0);

        await Assert.ThrowsAsync<DiedException>(() => DieAfterAsync(5, bench, Everything(claim)));
        var after = await bench.DumpAsync();

        await Assert.ThrowsAsync<PartitionClaimedException>(() => bench.WriteAsync("a", Everything(claim)));
        Assert.Equal(after, await bench.DumpAsync());
        Assert.Equal(2, (await bench.RowsAsync("SELECT seq FROM outbox")).Count);
        var successor = await bench.ClaimAsync(bench.P0, "b");
        Assert.Equal((3L, 1L), (successor.NextOffset, successor.OpenRows.Sum(row => row.Measures.Count)));
    }

    [Fact]
    public async Task Outcome_of_an_unanswered_commit_is_read_from_the_database()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var claim = await bench.ClaimAsync(bench.P0);
        await using var store = new CheckpointStore(bench.Database, "a");
        PartitionChange[] changes = [Everything(claim)];

        Assert.False((await store.FindOutcomeAsync(changes, CancellationToken.None)).IsWritten);
        await store.WriteAsync(changes, null, Task.CompletedTask, CancellationToken.None);
        Assert.True((await store.FindOutcomeAsync(changes, CancellationToken.None)).IsWritten);
    }

    [Fact]
    public async Task Claim_of_another_is_not_mistaken_for_an_unanswered_commit_that_moved_no_offset()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var claim = await bench.ClaimAsync(bench.P0, "a");
        await bench.ClaimAsync(bench.P0, "b");
        await using var store = new CheckpointStore(bench.Database, "a");

        var outcome = await store.FindOutcomeAsync([CheckpointBench.Nothing(claim)], CancellationToken.None);

        Assert.False(outcome.IsWritten);
        Assert.Equal(bench.P0, Assert.Single(outcome.Claimed));
    }

    private static PartitionChange Everything(Claim claim) => CheckpointBench.Sales(claim, "zurich-1", 0, 70_000, 140_000) with
    {
        Outgoing = [new("sales-aggregate", [1], [2], null), new("sales-late", null, [3], [])],
        IdleMarks = [new(3, CheckpointBench.T0 + 200_000)],
    };

    private static async Task DieAfterAsync(int step, CheckpointBench bench, PartitionChange change)
    {
        await using var store = new CheckpointStore(bench.Database, "a") { AfterStep = done => _ = done == step ? throw new DiedException() : 0 };
        await store.WriteAsync([change], traceParent: null, Task.CompletedTask, CancellationToken.None);
    }

    private sealed class DiedException : Exception;
}
