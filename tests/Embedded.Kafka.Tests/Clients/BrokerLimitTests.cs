using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Clients;

public sealed class BrokerLimitTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task There_is_a_largest_number_of_partitions()
    {
        await using var broker = await KafkaBroker.StartAsync(new BrokerOptions { DataDirectory = _folder.Path, MaxPartitions = 3 });
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = "t", NumPartitions = 3 }]);
        var refused = await Assert.ThrowsAsync<CreateTopicsException>(() => admin.CreateTopicsAsync([new TopicSpecification { Name = "u", NumPartitions = 1 }]));
        Assert.Equal(ErrorCode.PolicyViolation, refused.Results.Single().Error.Code);
        var full = await Assert.ThrowsAsync<CreatePartitionsException>(
            () => admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = "t", IncreaseTo = 4 }]));
        Assert.Equal(ErrorCode.PolicyViolation, full.Results.Single().Error.Code);
    }

    [Fact]
    public async Task There_is_a_largest_number_of_groups()
    {
        await using var broker = await KafkaBroker.StartAsync(new BrokerOptions { DataDirectory = _folder.Path, MaxGroups = 1 });
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = "t", NumPartitions = 1 }]);
        Commit(broker, "first");
        Commit(broker, "first");
        Assert.Equal(ErrorCode.GroupMaxSizeReached, Assert.ThrowsAny<KafkaException>(() => Commit(broker, "second")).Error.Code);
    }

    [Fact]
    public async Task Without_automatic_creation_an_unknown_topic_stays_unknown()
    {
        await using var broker = await KafkaBroker.StartAsync(new BrokerOptions { DataDirectory = _folder.Path, AutoCreateTopics = false });
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig
        {
            BootstrapServers = broker.BootstrapServers,
            TopicMetadataPropagationMaxMs = 100,
        }).Build();
        var error = await Assert.ThrowsAsync<ProduceException<Null, string>>(() => producer.ProduceAsync("unknown", new Message<Null, string> { Value = "x" }));
        Assert.Contains(error.Error.Code, new[] { ErrorCode.Local_UnknownTopic, ErrorCode.UnknownTopicOrPart });
        using var admin = new DependentAdminClientBuilder(producer.Handle).Build();
        Assert.Empty(admin.GetMetadata(TimeSpan.FromSeconds(10)).Topics);
    }

    [Theory]
    [InlineData("DefaultPartitions", "0")]
    [InlineData("MaxRequestBytes", "10")]
    public async Task An_option_out_of_range_is_refused_by_name_and_value(string key, string value)
    {
        var options = new BrokerOptions { DataDirectory = _folder.Path };
        options = key == "DefaultPartitions" ? options with { DefaultPartitions = 0 } : options with { MaxRequestBytes = 10 };
        var error = await Assert.ThrowsAsync<ArgumentException>(() => KafkaBroker.StartAsync(options));
        Assert.Contains($"{key} is '{value}'", error.Message, StringComparison.Ordinal);
    }

    private static void Commit(KafkaBroker broker, string group)
    {
        using var consumer = new ConsumerBuilder<Null, Null>(new ConsumerConfig { BootstrapServers = broker.BootstrapServers, GroupId = group }).Build();
        consumer.Commit([new TopicPartitionOffset("t", 0, 1)]);
    }
}
