using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests;

/// <summary>A broker with a fresh folder, for the tests of one class.</summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("embedded-kafka-").FullName;
    private int _lastName;

    public KafkaBroker Broker { get; private set; } = null!;

    public string Servers => Broker.BootstrapServers;

    public string NewName(string what) => $"{what}-{Interlocked.Increment(ref _lastName)}";

    public async Task InitializeAsync() => Broker = await KafkaBroker.StartAsync(new BrokerOptions { DataDirectory = _folder });

    public async Task DisposeAsync()
    {
        await Broker.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    internal IAdminClient NewAdmin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Servers }).Build();

    internal async Task<string> NewTopicAsync(int partitions = 1, Dictionary<string, string>? configs = null)
    {
        var name = NewName("topic");
        using var admin = NewAdmin();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = partitions, ReplicationFactor = 1, Configs = configs }]);
        return name;
    }

    internal IProducer<string, string> NewProducer(Action<ProducerConfig>? configure = null)
    {
        var config = new ProducerConfig { BootstrapServers = Servers, LingerMs = 5 };
        configure?.Invoke(config);
        return new ProducerBuilder<string, string>(config).Build();
    }

    internal ConsumerBuilder<string, string> NewConsumer(string group, Action<ConsumerConfig>? configure = null)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = Servers,
            GroupId = group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            SessionTimeoutMs = 6000,
            HeartbeatIntervalMs = 200,
            FetchQueueBackoffMs = 1,
        };
        configure?.Invoke(config);
        return new ConsumerBuilder<string, string>(config);
    }
}
