using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Clients;

public sealed class AdministrationTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    [Fact]
    public async Task A_created_topic_is_described_with_its_partitions_and_id()
    {
        var topic = await broker.NewTopicAsync(partitions: 4);
        using var admin = broker.NewAdmin();
        var described = (await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]))).TopicDescriptions.Single();
        Assert.Equal(4, described.Partitions.Count);
        Assert.NotEqual("AAAAAAAAAAAAAAAAAAAAAA", described.TopicId.ToString());
    }

    [Fact]
    public async Task A_topic_created_anew_has_another_id_and_starts_at_zero()
    {
        var topic = await broker.NewTopicAsync();
        using var admin = broker.NewAdmin();
        using var producer = broker.NewProducer();
        await producer.ProduceManyAsync(topic, 5);
        var before = await IdOfAsync(admin, topic);
        await admin.DeleteTopicsAsync([topic]);
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = 1, ReplicationFactor = 1 }]);

        Assert.NotEqual(before, await IdOfAsync(admin, topic));
        using var consumer = broker.NewConsumer(broker.NewName("group")).Build();
        Assert.Equal(0, consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), TimeSpan.FromSeconds(10)).High.Value);
    }

    [Fact]
    public async Task Creating_a_topic_twice_says_that_it_exists()
    {
        var topic = await broker.NewTopicAsync();
        using var admin = broker.NewAdmin();
        var error = await Assert.ThrowsAsync<CreateTopicsException>(() => admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = 1 }]));
        Assert.Equal(ErrorCode.TopicAlreadyExists, error.Results.Single().Error.Code);
    }

    [Theory]
    [InlineData("bad name!", 1, 1, null, ErrorCode.TopicException)]
    [InlineData("fine", 0, 1, null, ErrorCode.InvalidPartitions)]
    [InlineData("fine", 1, 1, "soon", ErrorCode.InvalidConfig)]
    public async Task What_is_wrong_with_a_new_topic_is_told(string name, int partitions, short replicas, string? retention, ErrorCode expected)
    {
        using var admin = broker.NewAdmin();
        var wanted = new TopicSpecification { Name = name, NumPartitions = partitions, ReplicationFactor = replicas };
        wanted.Configs = retention is null ? null : new() { ["retention.ms"] = retention };
        var error = await Assert.ThrowsAsync<CreateTopicsException>(() => admin.CreateTopicsAsync([wanted]));
        Assert.Equal(expected, error.Results.Single().Error.Code);
    }

    [Fact]
    public async Task A_replication_factor_above_one_is_accepted()
    {
        using var admin = broker.NewAdmin();
        var topic = broker.NewName("replicated");
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = 2, ReplicationFactor = 3 }]);
        Assert.Equal(2, admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics.Single().Partitions.Count);
    }

    [Fact]
    public async Task Validate_only_creates_nothing()
    {
        using var admin = broker.NewAdmin();
        var topic = broker.NewName("imagined");
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = 1 }], new CreateTopicsOptions { ValidateOnly = true });
        Assert.DoesNotContain(admin.GetMetadata(TimeSpan.FromSeconds(10)).Topics, t => t.Topic == topic);
    }

    [Fact]
    public async Task Partitions_can_be_added_and_not_taken_away()
    {
        var topic = await broker.NewTopicAsync(partitions: 2);
        using var admin = broker.NewAdmin();
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = 5 }]);
        Assert.Equal(5, admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics.Single().Partitions.Count);
        var error = await Assert.ThrowsAsync<CreatePartitionsException>(
            () => admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = 3 }]));
        Assert.Equal(ErrorCode.InvalidPartitions, error.Results.Single().Error.Code);
    }

    [Fact]
    public async Task Configurations_are_described_with_their_source_and_altered_one_by_one()
    {
        var topic = await broker.NewTopicAsync(configs: new() { ["retention.ms"] = "3600000" });
        using var admin = broker.NewAdmin();
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = topic };
        await admin.IncrementalAlterConfigsAsync(new()
        {
            [resource] = [new ConfigEntry { Name = "retention.bytes", Value = "1000000", IncrementalOperation = AlterConfigOpType.Set }],
        });
        var entries = (await admin.DescribeConfigsAsync([resource])).Single().Entries;
        Assert.Equal("3600000", entries["retention.ms"].Value);
        Assert.Equal(ConfigSource.DynamicTopicConfig, entries["retention.ms"].Source);
        Assert.Equal("1000000", entries["retention.bytes"].Value);
        Assert.Equal("delete", entries["cleanup.policy"].Value);
        Assert.Equal(ConfigSource.DefaultConfig, entries["cleanup.policy"].Source);

        await admin.IncrementalAlterConfigsAsync(new()
        {
            [resource] = [new ConfigEntry { Name = "retention.ms", Value = "", IncrementalOperation = AlterConfigOpType.Delete }],
        });
        Assert.Equal("604800000", (await admin.DescribeConfigsAsync([resource])).Single().Entries["retention.ms"].Value);
    }

    [Fact]
    public async Task The_cluster_is_this_broker()
    {
        using var admin = broker.NewAdmin();
        var cluster = await admin.DescribeClusterAsync();
        Assert.Equal(broker.Servers, $"{cluster.Nodes.Single().Host}:{cluster.Nodes.Single().Port}");
        Assert.Equal(1, cluster.Controller!.Id);
        Assert.NotEmpty(cluster.ClusterId);
    }

    [Fact]
    public async Task Deleted_records_are_gone_from_the_start()
    {
        var topic = await broker.NewTopicAsync();
        using var producer = broker.NewProducer();
        await producer.ProduceManyAsync(topic, 100);
        using var admin = broker.NewAdmin();
        var result = await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 40)]);
        Assert.Equal(40, result.Single().Offset.Value);
        using var consumer = broker.NewConsumer(broker.NewName("group")).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        Assert.Equal("40", consumer.Take(1).Single().Message.Value);
    }

    [Fact]
    public async Task Offsets_are_found_by_time_and_at_both_ends()
    {
        var topic = await broker.NewTopicAsync();
        using var producer = broker.NewProducer();
        foreach (var time in new long[] { 1000, 3000, 2000 })
        {
            await producer.ProduceAsync(topic, new Message<string, string> { Value = "x", Timestamp = new Timestamp(time, TimestampType.CreateTime) });
        }

        using var admin = broker.NewAdmin();
        Assert.Equal((0, -1), await FindAsync(OffsetSpec.Earliest()));
        Assert.Equal((3, -1), await FindAsync(OffsetSpec.Latest()));
        Assert.Equal((1, 3000), await FindAsync(OffsetSpec.MaxTimestamp()));
        Assert.Equal((1, 3000), await FindAsync(OffsetSpec.ForTimestamp(1500)));
        Assert.Equal((-1, -1), await FindAsync(OffsetSpec.ForTimestamp(5000)));

        async Task<(long Offset, long Timestamp)> FindAsync(OffsetSpec spec)
        {
            var found = await admin.ListOffsetsAsync([new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, 0), OffsetSpec = spec }]);
            return (found.ResultInfos.Single().TopicPartitionOffsetError.Offset.Value, found.ResultInfos.Single().Timestamp);
        }
    }

    private static async Task<string> IdOfAsync(IAdminClient admin, string topic) =>
        (await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]))).TopicDescriptions.Single().TopicId.ToString();
}
