using Confluent.Kafka;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Server;

/// <summary>The broker, as a process of its own, is killed in the middle of a transaction.</summary>
public sealed class KilledInTransactionTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private readonly BrokerProcess _broker = new();

    public void Dispose() => _broker.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_transaction_goes_on_after_the_kill_and_ends_as_its_producer_says(bool commit)
    {
        await _broker.StartAsync();
        var servers = _broker.Servers;
        using var producer = NewProducer(servers);
        producer.InitTransactions(Bound);
        producer.BeginTransaction();
        await producer.ProduceAsync("t", new Message<string, string> { Value = "before" });
        using (var simple = NewConsumer(servers))
        {
            producer.SendOffsetsToTransaction([new TopicPartitionOffset("t", 0, 42)], simple.ConsumerGroupMetadata, Bound);
        }

        await _broker.KillAndRestartAsync();
        await producer.ProduceAsync("t", new Message<string, string> { Value = "after" });
        if (commit)
        {
            producer.CommitTransaction(Bound);
        }
        else
        {
            producer.AbortTransaction(Bound);
        }

        // Whatever was told before the second kill is there after it.
        await _broker.KillAndRestartAsync();
        using var consumer = NewConsumer(servers);
        Assert.Equal(commit ? 42 : Offset.Unset, consumer.Committed([new TopicPartition("t", 0)], Bound).Single().Offset);
        Assert.Equal(3, consumer.QueryWatermarkOffsets(new TopicPartition("t", 0), Bound).High.Value);
        consumer.Assign(new TopicPartitionOffset("t", 0, 0));
        if (commit)
        {
            Assert.Equal(["before", "after"], consumer.Take(2).Select(r => r.Message.Value));
        }

        ConsumeResult<string, string>? end = null;
        await Eventually.IsTrueAsync(() => (end = consumer.Consume(TimeSpan.FromMilliseconds(100))) is not null, "the end of the partition");
        Assert.True(end!.IsPartitionEOF);
    }

    private static IProducer<string, string> NewProducer(string servers) => new ProducerBuilder<string, string>(new ProducerConfig
    {
        BootstrapServers = servers,
        TransactionalId = "tx",
        LingerMs = 1,
        ReconnectBackoffMaxMs = 500,
    }).SetLogHandler(static (_, _) => { }).Build();

    private static IConsumer<string, string> NewConsumer(string servers) => new ConsumerBuilder<string, string>(new ConsumerConfig
    {
        BootstrapServers = servers,
        GroupId = "g",
        IsolationLevel = IsolationLevel.ReadCommitted,
        EnablePartitionEof = true,
    }).SetLogHandler(static (_, _) => { }).Build();
}
