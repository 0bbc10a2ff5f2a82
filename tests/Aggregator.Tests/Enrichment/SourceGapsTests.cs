using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Enrichment;
using Streaming.Aggregator.Tests.Servers;
using Xunit;

namespace Streaming.Aggregator.Tests.Enrichment;

/// <summary>What a stage asks before it takes in a partition's first record.</summary>
public sealed class SourceGapsTests
{
    private const string Topic = "source";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_stop_is_heard_while_another_s_transaction_holds_the_group_s_offsets_back()
    {
        await using var broker = await BrokerProcess.StartAsync();
        using var former = await BeginAsync(broker.BootstrapServers);
        using var consumer = new ConsumerBuilder<byte[], byte[]>(Group(broker.BootstrapServers)).Build();
        former.SendOffsetsToTransaction([new TopicPartitionOffset(Topic, 0, 1)], consumer.ConsumerGroupMetadata, Bound);
        consumer.Assign(new TopicPartitionOffset(Topic, 0, Offset.Beginning));
        var record = consumer.Consume(Bound);
        var gaps = new SourceGaps("pipeline", new ConsumptionStatus(), NullLogger.Instance);

        Assert.Throws<OperationCanceledException>(() => gaps.Allow(consumer, record, out _, new CancellationToken(canceled: true)));

        former.AbortTransaction(Bound);
        Assert.True(gaps.Allow(consumer, record, out var leapt, CancellationToken.None));
        Assert.False(leapt);
    }

    /// <summary>A topic with one record, and a producer with an open transaction.</summary>
    private static async Task<IProducer<byte[]?, byte[]?>> BeginAsync(string servers)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = Topic, NumPartitions = 1, ReplicationFactor = 1 }]);
        using var plain = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = servers }).Build();
        await plain.ProduceAsync(Topic, new Message<byte[]?, byte[]?> { Value = [1] });
        var producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = servers, TransactionalId = "former" }).Build();
        producer.InitTransactions(Bound);
        producer.BeginTransaction();
        return producer;
    }

    private static ConsumerConfig Group(string servers) => new() { BootstrapServers = servers, GroupId = "stage", EnableAutoCommit = false };
}
