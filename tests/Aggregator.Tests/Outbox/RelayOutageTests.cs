using Confluent.Kafka;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Streaming.Embedded.Postgres;
using Xunit;

namespace Streaming.Aggregator.Tests.Outbox;

/// <summary>Servers are killed and relays freeze while rows are on their way: each row arrives once, in order.</summary>
[Collection(PostgresForOutbox.Name)]
public sealed class RelayOutageTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Broker_killed_again_and_again_in_the_middle_loses_and_repeats_nothing()
    {
        await using var broker = await BrokerProcess.StartAsync();
        await using var bench = await RelayBench.CreateAsync(await PipelineStage.OnAsync(postgres, broker.BootstrapServers));
        bench.Start(bench.Relay(), "a");

        for (var round = 0; round < 4; round++)
        {
            await bench.FillEverywhereAsync(2000);
            await RelayedAsync(bench, atLeast: round * 4 * 2000 + 1 + round * 1500);
            await broker.KillAsync();
            await broker.RestartAsync();
        }

        await bench.Stage.OutboxIsEmptyAsync();

        bench.AssertEverywhereOnce(8000);
    }

    [Fact]
    public async Task PostgreSQL_killed_again_and_again_in_the_middle_loses_and_repeats_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("streaming-outage-").FullName;
        var options = new PostgresOptions { DataDirectory = Path.Combine(folder, "postgres") };
        var server = await PostgresServer.StartAsync(options);
        try
        {
            await using var bench = await RelayBench.CreateAsync(await PipelineStage.CreateAsync(server.ConnectionString + ";Database=streaming"));
            await PostgresFixture.MigrateAsync(bench.Stage.ConnectionString);
            bench.Start(bench.Relay(), "a");
            for (var round = 0; round < 3; round++)
            {
                await bench.FillEverywhereAsync(2000);
                await RelayedAsync(bench, atLeast: round * 4 * 2000 + 1 + round * 1500);
                Signals.Send("KILL", Signals.WithChildren(server.ProcessId));
                await server.DisposeAsync();
                server = await PostgresServer.StartAsync(options with { Port = server.Port });
            }

            await bench.Stage.OutboxIsEmptyAsync();

            bench.AssertEverywhereOnce(6000);
        }
        finally
        {
            await server.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Process_that_is_stopped_past_its_lease_and_goes_on_later_repeats_nothing()
    {
        await using var bench = await RelayBench.CreateAsync(postgres);
        using var zombie = bench.Stage.StartProcess(("RelayLease", "00:00:02"));
        await bench.FillEverywhereAsync(100);
        await bench.Stage.OutboxIsEmptyAsync();
        for (var round = 1; round <= 3; round++)
        {
            await bench.FillEverywhereAsync(1000);
            await RelayedAsync(bench, atLeast: 4 * (100 + (round - 1) * 2000) + 1);
            Signals.Send("STOP", zombie.Id);
            await using (bench.Start(bench.Relay(lease: TimeSpan.FromSeconds(2)), $"successor-{round}"))
            {
                await bench.Stage.OutboxIsEmptyAsync();
                Signals.Send("CONT", zombie.Id);
                await bench.FillEverywhereAsync(1000);
                await bench.Stage.OutboxIsEmptyAsync();
            }
        }

        bench.AssertEverywhereOnce(100 + 3 * 2000);
    }

    [Fact]
    public async Task Cursors_behind_another_pipelines_open_transaction_are_waited_for()
    {
        await using var bench = await RelayBench.CreateAsync(postgres);
        await bench.FillAsync(RelayBench.P0, 10);
        using var other = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = bench.Stage.BootstrapServers, TransactionalId = "another" }).Build();
        other.InitTransactions(TimeSpan.FromSeconds(20));
        await Assert.ThrowsAsync<DiedException>(() => bench.Relay(step =>
        {
            if (step == 4)
            {
                other.BeginTransaction();
                other.Produce(Topics.OutboxCursors.Name, new() { Key = "another", Value = "1" });
                other.Flush();
            }

            if (step == 7)
            {
                throw new DiedException();
            }
        }).RunAsync("first", default));
        await bench.ExpireLeaseAsync();

        using var initialized = new ManualResetEventSlim();
        bench.Start(bench.Relay(step =>
        {
            if (step == 2)
            {
                initialized.Set();
            }
        }), "second");
        await Until.TrueAsync(() => initialized.IsSet, "the second is about to read the cursors");
        Assert.Equal(10, await bench.RowsAsync());
        other.AbortTransaction(TimeSpan.FromSeconds(20));
        await bench.Stage.OutboxIsEmptyAsync();

        Assert.Equal(Enumerable.Range(1, 10).Select(n => (long)n), bench.Relayed()[RelayBench.P0]);
    }

    /// <summary>Waits until at least so many rows have been written to the output topic, committed or not, so that what follows meets the relay at work.</summary>
    private static async Task RelayedAsync(RelayBench bench, long atLeast)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = bench.Stage.BootstrapServers,
            GroupId = "unused",
            IsolationLevel = IsolationLevel.ReadUncommitted,
        }).Build();
        await Until.TrueAsync(
            () => consumer.QueryWatermarkOffsets(new TopicPartition(RelayBench.Output.Name, 0), TimeSpan.FromSeconds(20)).High.Value >= atLeast, $"{atLeast} records are there");
    }

    private sealed class DiedException : Exception;
}
