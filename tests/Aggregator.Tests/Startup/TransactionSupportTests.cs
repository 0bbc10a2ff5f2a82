using Confluent.Kafka;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Startup;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Xunit;

namespace Streaming.Aggregator.Tests.Startup;

[Collection(PostgresForFaults.Name)]
public sealed class TransactionSupportTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Broker_without_transactions_is_refused_and_what_is_missing_is_named()
    {
        await using var broker = new OldBroker();
        var lines = new LineLog();

        var refused = await Assert.ThrowsAsync<UnsupportedBrokerException>(
            () => TransactionSupport.RequireAsync(new ProducerConfig { BootstrapServers = broker.BootstrapServers }, lines, default).WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.Contains("transactions", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broker_with_transactions_is_taken_by_instances_that_ask_at_once()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        // Settings of the user that do not go with transactions are not in the way.
        var user = new ProducerConfig { BootstrapServers = stage.BootstrapServers, EnableIdempotence = false, Acks = Acks.Leader, MessageTimeoutMs = 900_000 };

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => TransactionSupport.RequireAsync(user, stage.Lines, default)));
    }

    [Fact]
    public async Task Broker_that_is_away_is_waited_for()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StopBrokerAsync();
        var asking = TransactionSupport.RequireAsync(new ProducerConfig { BootstrapServers = stage.BootstrapServers }, stage.Lines, default);
        await Until.TrueAsync(() => stage.Lines.Has(2005), "it waits and says so");

        await stage.StartBrokerAsync();

        await asking.WaitAsync(TimeSpan.FromSeconds(60));
    }
}
