using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Streaming.Embedded.Kafka.Tests.Storage;

/// <summary>Batches that librdkafka has compressed, looked into by the broker.</summary>
public sealed class RealCompressionTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    [Theory]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    public async Task A_record_is_found_by_time_inside_a_compressed_batch(CompressionType compression)
    {
        const int count = 5_000;
        var topic = await broker.NewTopicAsync();
        using (var producer = broker.NewProducer(c => (c.CompressionType, c.LingerMs, c.BatchNumMessages) = (compression, 200, count)))
        {
            var sent = Enumerable.Range(0, count).Select(i => producer.ProduceAsync(topic, new Message<string, string>
            {
                Key = $"store-{i % 12}",
                Value = $"the same words over and over, {i % 7}, and a number: {i}",
                Timestamp = new Timestamp(1_000_000 + i, TimestampType.CreateTime),
            }));
            await Task.WhenAll(sent);
        }

        using var admin = broker.NewAdmin();
        foreach (var wanted in new[] { 0, 1, 1_234, 4_999 })
        {
            var found = await admin.ListOffsetsAsync(
                [new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, 0), OffsetSpec = OffsetSpec.ForTimestamp(1_000_000 + wanted) }]);

            Assert.Equal(wanted, found.ResultInfos.Single().TopicPartitionOffsetError.Offset.Value);
            Assert.Equal(1_000_000 + wanted, found.ResultInfos.Single().Timestamp);
        }
    }
}
