using Confluent.Kafka;
using Streaming.Aggregator.Outbox;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Streaming.Contracts.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Streaming.Aggregator.Tests.Outbox;

/// <summary>PostgreSQL and the cursors contradict each other: the relay stops, says so, and goes on when a person has decided.</summary>
[Collection(PostgresForOutbox.Name)]
public sealed class RelayDecisionTests(PostgresFixture postgres)
{
    private const string Accept = $"DELETE FROM relay_leases WHERE pipeline = '{RelayBench.Pipeline}'";

    [Fact]
    public async Task Lost_cursors_stop_the_relay_until_an_administrator_accepts()
    {
        await using var bench = await RelayBench.CreateAsync(postgres);
        await bench.FillAsync(RelayBench.P0, 10);
        await bench.DrainAsync("first");
        await DeleteCursorsAsync(bench);
        await bench.FillAsync(RelayBench.P0, 5);

        bench.Start(bench.Relay(), "second");
        await Until.TrueAsync(() => bench.Stage.Lines.Has(2306), "the relay stops and says so");
        Assert.Contains("no cursor", bench.Status.ReasonOf(RelayBench.Pipeline), StringComparison.Ordinal);
        Assert.Equal(5, await bench.RowsAsync());

        await bench.Stage.ExecuteAsync(Accept);
        await bench.Stage.OutboxIsEmptyAsync();
        Assert.Equal(Enumerable.Range(1, 15).Select(n => (long)n), bench.Relayed()[RelayBench.P0]);
        await Until.TrueAsync(() => bench.Status.ReasonOf(RelayBench.Pipeline) is null, "healthy again");
    }

    [Fact]
    public async Task Database_put_back_to_an_earlier_state_stops_the_relay()
    {
        await using var bench = await RelayBench.CreateAsync(postgres);
        await bench.FillAsync(RelayBench.P0, 10);
        await bench.DrainAsync("first");
        // The backup knew of six rows, and the Aggregator has written two others since.
        await bench.Stage.ExecuteAsync("UPDATE checkpoints SET outbox_seq = 6");
        await bench.FillAsync(RelayBench.P0, 2);

        bench.Start(bench.Relay(), "second");
        await Until.TrueAsync(() => bench.Stage.Lines.Has(2306), "the relay stops and says so");

        Assert.Contains("10 were relayed", bench.Status.ReasonOf(RelayBench.Pipeline), StringComparison.Ordinal);
        Assert.Equal(2, await bench.RowsAsync());
        await bench.Stage.ExecuteAsync(Accept);
        await bench.Stage.OutboxIsEmptyAsync();
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 7, 8], bench.Relayed()[RelayBench.P0]);
    }

    [Fact]
    public async Task Row_missing_from_the_outbox_stops_the_relay()
    {
        await using var bench = await RelayBench.CreateAsync(postgres);
        await bench.FillAsync(RelayBench.P0, 1);
        await bench.DrainAsync("first");
        await bench.FillAsync(RelayBench.P0, 9);
        await bench.Stage.ExecuteAsync("DELETE FROM outbox WHERE seq = 5");

        bench.Start(bench.Relay(), "second");
        await Until.TrueAsync(() => bench.Stage.Lines.Has(2306), "the relay stops and says so");

        Assert.Contains("row 5", bench.Status.ReasonOf(RelayBench.Pipeline), StringComparison.Ordinal);
        Assert.Equal([1], bench.Relayed()[RelayBench.P0]);
        await bench.Stage.ExecuteAsync(Accept);
        await bench.Stage.OutboxIsEmptyAsync();
        Assert.Equal([1, 2, 3, 4, 6, 7, 8, 9, 10], bench.Relayed()[RelayBench.P0]);
    }

    [Fact]
    public async Task Other_pipelines_relays_are_not_stopped()
    {
        await using var bench = await RelayBench.CreateAsync(postgres);
        await bench.FillAsync(RelayBench.P0, 1);
        await bench.DrainAsync("first");
        await bench.FillAsync(RelayBench.P0, 9);
        await bench.Stage.ExecuteAsync("DELETE FROM outbox WHERE seq = 2");
        await bench.FillAsync(RelayBench.P1, 10, pipeline: "other");
        bench.Start(bench.Relay(), "a");
        bench.Start(bench.Relay(pipeline: "other"), "a");

        await Until.TrueAsync(async () => await bench.Stage.NumberAsync("SELECT count(*) FROM outbox WHERE pipeline = 'other'") == 0, "the other is relayed");
        await Until.TrueAsync(() => bench.Stage.Lines.Has(2306), "the one has stopped");

        Assert.Null(bench.Status.ReasonOf("other"));
        Assert.Equal(10, bench.Relayed()[RelayBench.P1].Count);
        Assert.Single(bench.Relayed()[RelayBench.P0]);
    }

    [Fact]
    public async Task Installation_relayed_without_cursors_until_now_goes_on_where_it_stood()
    {
        await using var bench = await RelayBench.CreateAsync(postgres);
        await bench.FillAsync(RelayBench.P0, 10);
        await bench.FillAsync(RelayBench.P1, 10);
        // The former version's relay: names itself without a prefix, deletes what was acknowledged.
        await bench.Stage.ExecuteAsync($"INSERT INTO relay_leases VALUES ('{RelayBench.Pipeline}', 'host:1:abc', now()); DELETE FROM outbox WHERE partition = 1 OR seq <= 3");

        await bench.DrainAsync();

        Assert.Equal([4, 5, 6, 7, 8, 9, 10], Assert.Single(bench.Relayed()).Value);
        Assert.Equal([(RelayBench.P0, 10), (RelayBench.P1, 10)], (await bench.CursorsAsync()).Select(c => (c.Key, c.Value)).OrderBy(c => c.Key.Partition));
        Assert.True(bench.Stage.Lines.Has(2307));
    }

    /// <summary>Deletes the topic and waits until it is there anew, empty.</summary>
    private static async Task DeleteCursorsAsync(RelayBench bench)
    {
        var client = new AdminClientConfig { BootstrapServers = bench.Stage.BootstrapServers };
        using var admin = new AdminClientBuilder(client).Build();
        await admin.DeleteTopicsAsync([Topics.OutboxCursors.Name]);
        await Until.TrueAsync(() => !admin.GetMetadata(TimeSpan.FromSeconds(5)).Topics.Any(t => t.Topic == Topics.OutboxCursors.Name), "the topic is gone");
        await KafkaTopics.EnsureAsync(client, [Topics.OutboxCursors], NullLogger.Instance, default);
    }
}
