using Streaming.Aggregator.Outbox;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Xunit;

namespace Streaming.Aggregator.Tests.Outbox;

[Collection(PostgresForOutbox.Name)]
public sealed class RelayTests(PostgresFixture postgres)
{
    private const string Pipeline = RelayBench.Pipeline;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Lease_is_one_holders_until_it_ends_or_is_given_back()
    {
        await using var bench = await RelayBench.CreateAsync(postgres);
        RelayLeaseStore a = new(bench.Stage.Database, Pipeline, "a", Lease), b = new(bench.Stage.Database, Pipeline, "b", Lease);

        Assert.Equal(LeaseAnswer.OursWithoutCursors, await a.TakeAsync(default));
        Assert.Equal(LeaseAnswer.Anothers, await b.TakeAsync(default));
        Assert.False(await b.MarkAsync(default));
        Assert.True(await a.MarkAsync(default));
        Assert.Equal(LeaseAnswer.OursWithCursors, await a.TakeAsync(default));
        await bench.ExpireLeaseAsync();
        Assert.Equal(LeaseAnswer.OursWithCursors, await b.TakeAsync(default));
        Assert.Equal(LeaseAnswer.Anothers, await a.TakeAsync(default));
        await b.ReleaseAsync(default);
        Assert.Equal(LeaseAnswer.OursWithCursors, await a.TakeAsync(default));
    }

    [Fact]
    public async Task Former_holder_parks_nothing()
    {
        await using var bench = await RelayBench.CreateAsync(postgres);
        await bench.FillAsync(RelayBench.P0, 3);
        var outbox = new OutboxStore(bench.Stage.Database, Pipeline);
        var rows = (await outbox.ReadAsync(null, 10, 1000, default)).Rows;
        await new RelayLeaseStore(bench.Stage.Database, Pipeline, "b", Lease).TakeAsync(default);

        Assert.False(await outbox.ParkAsync(rows[0], "too large", "a", default));

        Assert.Equal(0, await bench.Stage.NumberAsync("SELECT count(*) FROM parked_outbox"));
    }

    [Fact]
    public async Task Every_row_arrives_once_and_in_order_of_its_partition_and_key()
    {
        await using var bench = await RelayBench.CreateAsync(postgres);
        bench.Start(bench.Relay(), "a");
        for (var i = 0; i < 10; i++)
        {
            await bench.FillEverywhereAsync(700);
            await bench.FillAsync(RelayBench.P1, 300, RelayBench.Keyed);
            await bench.FillAsync(RelayBench.P1, 1);
            await bench.FillAsync(RelayBench.P0, 301);
            await bench.FillAsync(RelayBench.Replay, 301);
            await bench.FillAsync(RelayBench.NewTopic, 301);
        }

        await bench.Stage.OutboxIsEmptyAsync();

        var (late, keyed) = (bench.Relayed(), bench.Relayed(RelayBench.Keyed));
        Assert.Equal(4, late.Count);
        Assert.All(late.Where(rows => rows.Key != RelayBench.P1), rows => Assert.Equal(Enumerable.Range(1, 10_010).Select(n => (long)n), rows.Value));
        var both = late[RelayBench.P1].Concat(keyed[RelayBench.P1]).ToList();
        Assert.Equal(Enumerable.Range(1, 10_010).Select(n => (long)n), both.Order());
        Assert.Equal(late[RelayBench.P1].Order(), late[RelayBench.P1]);
        // Seven keys over six partitions: in order within each key.
        Assert.All(keyed[RelayBench.P1].GroupBy(seq => seq % 7), seqs => Assert.Equal(seqs.Order(), seqs));
    }

    [Fact]
    public async Task Rows_that_the_broker_never_takes_are_parked_and_passed()
    {
        await using var bench = await RelayBench.CreateAsync(postgres);
        await bench.FillAsync(RelayBench.P0, 50);
        await bench.FillAsync(RelayBench.P1, 50);
        // Too large for the client, and too large for the topic only, whose batch is refused with everything that is in it.
        await bench.Stage.ExecuteAsync("UPDATE outbox SET value = decode(repeat('ab', 3000000), 'hex') WHERE seq = 20 AND partition = 0");
        await bench.Stage.ExecuteAsync("UPDATE outbox SET value = decode(repeat('ab', 1500000), 'hex') WHERE seq IN (30, 50)");

        await bench.DrainAsync();

        Assert.Equal(Enumerable.Range(1, 50).Except([20, 30, 50]).Select(n => (long)n), bench.Relayed()[RelayBench.P0]);
        Assert.Equal(Enumerable.Range(1, 50).Except([30, 50]).Select(n => (long)n), bench.Relayed()[RelayBench.P1]);
        Assert.Equal(5, await bench.Stage.NumberAsync("SELECT count(*) FROM parked_outbox WHERE value_hash = sha256(value) AND length(error) > 0"));
        Assert.Equal(5, bench.Stage.Lines.Count(2303));
        Assert.All(await bench.CursorsAsync(), cursor => Assert.Equal(50, cursor.Value));
    }

    [Fact]
    public async Task Largest_dead_letter_fits()
    {
        await using var bench = await RelayBench.CreateAsync(postgres);
        await bench.FillAsync(RelayBench.P0, 1, Topics.SalesDeadLetter);
        // The largest input, and headers as long as they may become.
        await bench.Stage.ExecuteAsync(
            $"UPDATE outbox SET value = decode(repeat('ab', {Topics.Sales.MaxMessageBytes}), 'hex'), headers = int4send(1) || 'h'::bytea || int4send(60000) || decode(repeat('cd', 60000), 'hex')");

        await bench.DrainAsync();

        Assert.Equal(Topics.Sales.MaxMessageBytes, Assert.Single(bench.Stage.ReadAll(Topics.SalesDeadLetter)).Message.Value!.Length);
        Assert.Equal(0, await bench.Stage.NumberAsync("SELECT count(*) FROM parked_outbox"));
    }

    [Fact]
    public async Task Relays_that_lose_the_lease_all_the_time_send_every_row_once()
    {
        await using var bench = await RelayBench.CreateAsync(postgres);
        foreach (var holder in new[] { "a", "b", "c" })
        {
            bench.Start(bench.Relay(lease: TimeSpan.FromSeconds(1)), holder);
        }

        for (var i = 0; i < 40; i++)
        {
            await bench.FillEverywhereAsync(50);
            await bench.ExpireLeaseAsync();
            await Task.Delay(50);
        }

        await bench.Stage.OutboxIsEmptyAsync();

        bench.AssertEverywhereOnce(2000);
    }

    [Fact]
    public async Task Relay_that_is_stopped_gives_its_lease_back_and_keeps_the_mark()
    {
        await using var bench = await RelayBench.CreateAsync(postgres);
        await bench.FillAsync(RelayBench.P0, 3);
        await bench.DrainAsync("first");

        Assert.Equal(1, await bench.Stage.NumberAsync("SELECT count(*) FROM relay_leases WHERE holder = 'cursors:first' AND expires_at <= now()"));
    }
}
