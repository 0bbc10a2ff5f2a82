using Confluent.Kafka;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Clients;

/// <summary>Real clients in transactions.</summary>
public sealed class TransactionTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_reader_of_what_is_committed_sees_each_committed_record_and_no_aborted_one()
    {
        var topic = await broker.NewTopicAsync(partitions: 2);
        using var producer = NewProducer(broker.NewName("tx"));
        producer.InitTransactions(Bound);
        for (var i = 0; i < 20; i++)
        {
            producer.BeginTransaction();
            producer.Produce(new TopicPartition(topic, new Partition(i % 2)), new Message<string, string> { Value = $"{i}" });
            End(producer, commit: i % 4 < 2);
        }

        using var consumer = NewConsumer(broker.NewName("group"));
        consumer.Subscribe(topic);
        var values = consumer.Take(10).Select(r => int.Parse(r.Message.Value, System.Globalization.CultureInfo.InvariantCulture)).Order();
        Assert.Equal(Enumerable.Range(0, 20).Where(i => i % 4 < 2), values);
        Assert.Null(consumer.Consume(TimeSpan.FromMilliseconds(300)));
        consumer.Close();
    }

    [Fact]
    public async Task Input_offsets_are_committed_with_the_output_and_not_when_it_is_aborted()
    {
        var (input, output, group) = (await broker.NewTopicAsync(), await broker.NewTopicAsync(), broker.NewName("group"));
        using (var feeder = broker.NewProducer())
        {
            await feeder.ProduceManyAsync(input, 10);
        }

        using var producer = NewProducer(broker.NewName("tx"));
        producer.InitTransactions(Bound);
        using var consumer = NewConsumer(group);
        consumer.Subscribe(input);
        foreach (var commit in new[] { true, false })
        {
            producer.BeginTransaction();
            foreach (var record in consumer.Take(5))
            {
                producer.Produce(output, new Message<string, string> { Value = record.Message.Value });
            }

            producer.SendOffsetsToTransaction([new TopicPartitionOffset(input, 0, commit ? 5 : 10)], consumer.ConsumerGroupMetadata, Bound);
            End(producer, commit);
        }

        Assert.Equal(5, consumer.Committed([new TopicPartition(input, 0)], Bound).Single().Offset.Value);
        consumer.Close();
        using var reader = NewConsumer(broker.NewName("reader"));
        reader.Subscribe(output);
        Assert.Equal(["0", "1", "2", "3", "4"], reader.Take(5).Select(r => r.Message.Value));
        Assert.Null(reader.Consume(TimeSpan.FromMilliseconds(300)));
        reader.Close();
    }

    [Fact]
    public async Task A_second_producer_of_the_same_id_fences_the_first_and_aborts_its_transaction()
    {
        var (topic, id) = (await broker.NewTopicAsync(), broker.NewName("tx"));
        using var first = NewProducer(id);
        first.InitTransactions(Bound);
        first.BeginTransaction();
        await first.ProduceAsync(topic, new Message<string, string> { Value = "of the first" });

        using var second = NewProducer(id);
        second.InitTransactions(Bound);
        var error = Assert.ThrowsAny<KafkaException>(() => first.CommitTransaction(Bound));
        Assert.True(error.Error.IsFatal);
        second.BeginTransaction();
        second.Produce(topic, new Message<string, string> { Value = "of the second" });
        second.CommitTransaction(Bound);

        using var consumer = NewConsumer(broker.NewName("group"));
        consumer.Subscribe(topic);
        Assert.Equal("of the second", consumer.Take(1).Single().Message.Value);
        consumer.Close();
    }

    [Fact]
    public async Task A_member_of_a_past_generation_cannot_send_its_offsets_and_its_output_is_aborted()
    {
        var (input, output, group) = (await broker.NewTopicAsync(partitions: 2), await broker.NewTopicAsync(), broker.NewName("group"));
        using (var feeder = broker.NewProducer())
        {
            await feeder.ProduceManyAsync(input, 10);
        }

        using var zombie = NewConsumer(group);
        zombie.Subscribe(input);
        zombie.Take(1);
        var metadata = zombie.ConsumerGroupMetadata;
        zombie.Close();
        using var heir = NewConsumer(group);
        heir.Subscribe(input);
        heir.Take(1);

        using var producer = NewProducer(broker.NewName("tx"));
        producer.InitTransactions(Bound);
        producer.BeginTransaction();
        producer.Produce(output, new Message<string, string> { Value = "of a zombie" });
        var error = Assert.ThrowsAny<KafkaException>(
            () => producer.SendOffsetsToTransaction([new TopicPartitionOffset(input, 0, 5)], metadata, Bound));
        Assert.True(error.Error.Code is ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration, error.Error.ToString());
        producer.AbortTransaction(Bound);
        Assert.Equal(Offset.Unset, heir.Committed([new TopicPartition(input, 0)], Bound).Single().Offset);
        heir.Close();
    }

    [Fact]
    public async Task A_transaction_that_takes_too_long_is_aborted_and_its_producer_fenced()
    {
        var topic = await broker.NewTopicAsync();
        using var producer = NewProducer(broker.NewName("tx"), config => config.TransactionTimeoutMs = 3000);
        producer.InitTransactions(Bound);
        producer.BeginTransaction();
        await producer.ProduceAsync(topic, new Message<string, string> { Value = "too late" });
        using var consumer = NewConsumer(broker.NewName("group"), config => config.EnablePartitionEof = true);
        consumer.Assign(new TopicPartitionOffset(topic, 0, 0));
        // The marker comes, and then nothing: the end of the partition lies behind it.
        await Eventually.IsTrueAsync(
            () => consumer.Consume(TimeSpan.FromMilliseconds(100)) is { IsPartitionEOF: true, Offset.Value: 2 }, "the transaction has been aborted");
        Assert.True(Assert.ThrowsAny<KafkaException>(() => producer.CommitTransaction(Bound)).Error.IsFatal);
    }

    private static void End(IProducer<string, string> producer, bool commit)
    {
        producer.Flush(Bound);
        if (commit)
        {
            producer.CommitTransaction(Bound);
        }
        else
        {
            producer.AbortTransaction(Bound);
        }
    }

    private IProducer<string, string> NewProducer(string id, Action<ProducerConfig>? configure = null) =>
        new ProducerBuilder<string, string>(Configured(new ProducerConfig { BootstrapServers = broker.Servers, TransactionalId = id, LingerMs = 1 }, configure))
            .SetLogHandler(static (_, _) => { }).Build();

    private static ProducerConfig Configured(ProducerConfig config, Action<ProducerConfig>? configure)
    {
        configure?.Invoke(config);
        return config;
    }

    private IConsumer<string, string> NewConsumer(string group, Action<ConsumerConfig>? configure = null) => broker.NewConsumer(group, config =>
    {
        config.IsolationLevel = IsolationLevel.ReadCommitted;
        configure?.Invoke(config);
    }).Build();
}
