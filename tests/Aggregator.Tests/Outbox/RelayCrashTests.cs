using Streaming.Aggregator.Outbox;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Xunit;

namespace Streaming.Aggregator.Tests.Outbox;

/// <summary>The process dies, or freezes and wakes up, after step N of docs/semantics.md, "The outbox, step by step": each row arrives once, in order.</summary>
[Collection(PostgresForOutbox.Name)]
public sealed class RelayCrashTests(PostgresFixture postgres)
{
    private const int Rows = 30;

    [Theory]
    [InlineData(1, 0, true)]
    [InlineData(2, 0, true)]
    [InlineData(3, 0, true)]
    [InlineData(4, 0, true)]
    [InlineData(5, 0, true)]
    [InlineData(6, 0, true)]
    [InlineData(7, Rows, true)]
    [InlineData(8, Rows, false)]
    public async Task Death_after_a_step_leaves_what_the_table_says_and_the_successor_goes_on(int step, int relayed, bool rowsAreLeft)
    {
        await using var bench = await RelayBench.CreateAsync(postgres);
        await bench.FillEverywhereAsync(Rows);

        await Assert.ThrowsAsync<DiedException>(() => bench.Relay(Die(step)).RunAsync("first", default));

        Assert.All(await bench.CursorsAsync(), cursor => Assert.Equal(relayed, cursor.Value));
        Assert.Equal(relayed * 4, bench.Relayed().Values.Sum(seqs => seqs.Count));
        Assert.Equal(rowsAreLeft ? Rows * 4 : 0, await bench.RowsAsync());
        await bench.ExpireLeaseAsync();
        await bench.FillEverywhereAsync(Rows);
        await bench.DrainAsync();
        bench.AssertEverywhereOnce(2 * Rows);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Holder_that_wakes_up_after_its_lease_changes_nothing(int step)
    {
        await using var bench = await RelayBench.CreateAsync(postgres);
        await bench.FillEverywhereAsync(Rows);
        using var freezer = new Freezer(step);
        bench.Start(bench.Relay(freezer.AfterStep), "zombie");
        await Until.TrueAsync(() => freezer.IsFrozen, $"frozen after step {step}");
        bench.Start(bench.Relay(), "successor");
        await Until.TrueAsync(() => IsTakenOverAsync(bench), "the successor holds the lease");
        await bench.Stage.OutboxIsEmptyAsync();

        freezer.Thaw();
        await bench.FillEverywhereAsync(Rows);
        await bench.Stage.OutboxIsEmptyAsync();
        await bench.FillEverywhereAsync(Rows);
        await bench.Stage.OutboxIsEmptyAsync();

        bench.AssertEverywhereOnce(3 * Rows);
        Assert.Equal(1, await bench.Stage.NumberAsync("SELECT count(*) FROM relay_leases WHERE holder = 'cursors:successor'"));
    }

    [Fact]
    public async Task Death_after_a_row_was_put_aside_passes_it_once()
    {
        await using var bench = await RelayBench.CreateAsync(postgres);
        await bench.FillAsync(RelayBench.P0, 3);
        await bench.Stage.ExecuteAsync("UPDATE outbox SET value = decode(repeat('ab', 3000000), 'hex') WHERE seq = 2");

        await Assert.ThrowsAsync<DiedException>(() => bench.Relay(Die(9)).RunAsync("first", default));

        Assert.Equal(1, await bench.Stage.NumberAsync("SELECT count(*) FROM parked_outbox WHERE seq = 2 AND value_hash = sha256(value) AND length(error) > 0"));
        Assert.Equal(1, await bench.Stage.NumberAsync("SELECT count(*) FROM outbox WHERE seq = 2"));
        await bench.ExpireLeaseAsync();
        await bench.DrainAsync();
        Assert.Equal([1, 3], bench.Relayed()[RelayBench.P0]);
        Assert.Equal(3, (await bench.CursorsAsync())[RelayBench.P0]);
        Assert.Equal(1, await bench.Stage.NumberAsync("SELECT count(*) FROM parked_outbox"));
    }

    [Fact]
    public async Task Death_between_the_adopted_cursors_and_their_mark_adopts_them_once()
    {
        await using var bench = await RelayBench.CreateAsync(postgres);
        await bench.FillAsync(RelayBench.P0, 10);
        // As a relay without cursors leaves it: some rows are gone, no lease.
        await bench.Stage.ExecuteAsync("DELETE FROM outbox WHERE seq <= 4");

        await Assert.ThrowsAsync<DiedException>(() => bench.Relay(Die(10)).RunAsync("first", default));

        Assert.Equal(4, (await bench.CursorsAsync())[RelayBench.P0]);
        await bench.ExpireLeaseAsync();
        await bench.DrainAsync();
        Assert.Equal([5, 6, 7, 8, 9, 10], bench.Relayed()[RelayBench.P0]);
        Assert.Equal(1, bench.Stage.Lines.Count(2307));
    }

    /// <summary>Only one thread of the zombie is frozen here; another may renew its lease meanwhile, so it is made to end as often as that happens.</summary>
    private static async Task<bool> IsTakenOverAsync(RelayBench bench)
    {
        await bench.Stage.ExecuteAsync("UPDATE relay_leases SET expires_at = now() - interval '1 second' WHERE holder LIKE '%zombie'");
        return await bench.Stage.NumberAsync("SELECT count(*) FROM relay_leases WHERE holder LIKE '%successor'") == 1;
    }

    private static Action<int> Die(int step) => done => _ = done == step ? throw new DiedException() : 0;

    /// <summary>Holds a relay up after a step, the first time, until it is let go: at the end of the test at the latest.</summary>
    private sealed class Freezer(int step) : IDisposable
    {
        private readonly TaskCompletionSource _wakes = new();
        private volatile bool _isFrozen;

        public bool IsFrozen => _isFrozen;

        public void AfterStep(int done)
        {
            if (done == step && !_isFrozen)
            {
                _isFrozen = true;
                _wakes.Task.Wait();
            }
        }

        public void Thaw() => _wakes.TrySetResult();

        public void Dispose() => Thaw();
    }

    private sealed class DiedException : Exception;
}
