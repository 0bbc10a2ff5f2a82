using Confluent.Kafka;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Clients;

public sealed class ProduceAndConsumeTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    public async Task Records_come_back_as_they_were_sent_whatever_the_compression(CompressionType compression)
    {
        var topic = await broker.NewTopicAsync();
        using var producer = broker.NewProducer(c => c.CompressionType = compression);
        await producer.ProduceManyAsync(topic, 500);

        using var consumer = broker.NewConsumer(broker.NewName("group")).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        var records = consumer.Take(500);

        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i}"), records.Select(r => r.Message.Value));
        Assert.Equal(Enumerable.Range(0, 500).Select(i => (long)i), records.Select(r => r.Offset.Value));
    }

    [Theory]
    [InlineData(Acks.None)]
    [InlineData(Acks.Leader)]
    [InlineData(Acks.All)]
    public async Task Every_kind_of_acknowledgement_works(Acks acks)
    {
        var topic = await broker.NewTopicAsync();
        using var producer = broker.NewProducer(c => c.Acks = acks);
        var sent = await producer.ProduceManyAsync(topic, 10);

        using var consumer = broker.NewConsumer(broker.NewName("group")).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        Assert.Equal(10, consumer.Take(10).Count);
        Assert.All(sent, s => Assert.Equal(acks == Acks.None ? PersistenceStatus.PossiblyPersisted : PersistenceStatus.Persisted, s.Status));
    }

    [Fact]
    public async Task An_idempotent_producer_gets_consecutive_offsets()
    {
        var topic = await broker.NewTopicAsync();
        using var producer = broker.NewProducer(c => c.EnableIdempotence = true);
        var sent = await producer.ProduceManyAsync(topic, 2000);
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => (long)i), sent.Select(s => s.Offset.Value));
    }

    [Fact]
    public async Task Null_values_and_headers_survive()
    {
        var topic = await broker.NewTopicAsync();
        using var producer = new ProducerBuilder<Null, byte[]?>(new ProducerConfig { BootstrapServers = broker.Servers }).Build();
        var headers = new Headers { { "traceparent", "00-abc"u8.ToArray() }, { "empty", null } };
        await producer.ProduceAsync(topic, new Message<Null, byte[]?> { Value = null, Headers = headers });

        using var consumer = broker.NewConsumer(broker.NewName("group")).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        var record = consumer.Take(1).Single();
        Assert.Null(record.Message.Value);
        Assert.Equal("00-abc"u8.ToArray(), record.Message.Headers.GetLastBytes("traceparent"));
        Assert.Equal(2, record.Message.Headers.Count);
    }

    [Fact]
    public async Task With_log_append_time_the_brokers_time_replaces_the_producers()
    {
        var topic = await broker.NewTopicAsync(configs: new() { ["message.timestamp.type"] = "LogAppendTime" });
        var before = DateTimeOffset.UtcNow.AddSeconds(-1).ToUnixTimeMilliseconds();
        using var producer = broker.NewProducer();
        var sent = await producer.ProduceAsync(topic, new Message<string, string> { Value = "x", Timestamp = new Timestamp(1000, TimestampType.CreateTime) });
        Assert.Equal(TimestampType.LogAppendTime, sent.Timestamp.Type);

        using var consumer = broker.NewConsumer(broker.NewName("group")).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        var timestamp = consumer.Take(1).Single().Message.Timestamp;
        Assert.Equal(TimestampType.LogAppendTime, timestamp.Type);
        Assert.InRange(timestamp.UnixTimestampMs, before, DateTimeOffset.UtcNow.AddSeconds(1).ToUnixTimeMilliseconds());
        Assert.Equal(sent.Timestamp.UnixTimestampMs, timestamp.UnixTimestampMs);
    }

    [Fact]
    public async Task A_message_larger_than_the_topic_allows_is_refused_and_the_producer_goes_on()
    {
        var topic = await broker.NewTopicAsync(configs: new() { ["max.message.bytes"] = "2000" });
        using var producer = broker.NewProducer();
        var refused = await Assert.ThrowsAsync<ProduceException<string, string>>(
            () => producer.ProduceAsync(topic, new Message<string, string> { Value = new string('x', 5000) }));
        Assert.Equal(ErrorCode.MsgSizeTooLarge, refused.Error.Code);
        var sent = await producer.ProduceAsync(topic, new Message<string, string> { Value = "small" });
        Assert.Equal(0, sent.Offset.Value);
    }

    [Fact]
    public async Task A_message_larger_than_the_consumers_fetch_size_still_arrives()
    {
        var topic = await broker.NewTopicAsync();
        using var producer = broker.NewProducer();
        await producer.ProduceAsync(topic, new Message<string, string> { Value = new string('x', 300_000) });
        using var consumer = broker.NewConsumer(broker.NewName("group"), c => c.MaxPartitionFetchBytes = 1000).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        Assert.Equal(300_000, consumer.Take(1).Single().Message.Value.Length);
    }

    [Fact]
    public async Task A_waiting_consumer_gets_a_record_when_it_comes()
    {
        var topic = await broker.NewTopicAsync(partitions: 3);
        using var consumer = broker.NewConsumer(broker.NewName("group"), c => c.FetchWaitMaxMs = 20_000).Build();
        consumer.Assign(Enumerable.Range(0, 3).Select(p => new TopicPartitionOffset(topic, p, Offset.Beginning)));
        Assert.Null(consumer.Consume(TimeSpan.FromMilliseconds(500)));
        using var producer = broker.NewProducer();
        await producer.ProduceAsync(new TopicPartition(topic, 2), new Message<string, string> { Value = "late" });
        Assert.Equal("late", consumer.Consume(TimeSpan.FromSeconds(10))?.Message.Value);
    }

    [Fact]
    public async Task An_offset_beyond_the_log_is_out_of_range()
    {
        var topic = await broker.NewTopicAsync();
        using var consumer = broker.NewConsumer(broker.NewName("group"), c => c.AutoOffsetReset = AutoOffsetReset.Error).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, 100));
        var error = Assert.Throws<ConsumeException>(() => consumer.Consume(TimeSpan.FromSeconds(10)));
        Assert.Equal(ErrorCode.Local_AutoOffsetReset, error.Error.Code);
    }

    [Fact]
    public async Task Producing_to_a_new_topic_creates_it()
    {
        var topic = broker.NewName("fresh");
        using var producer = broker.NewProducer();
        Assert.Equal(0, (await producer.ProduceAsync(topic, new Message<string, string> { Value = "first" })).Offset.Value);
    }
}
