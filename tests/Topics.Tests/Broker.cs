using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.Cluster;
using Streaming.Embedded.Kafka;

namespace Streaming.Topics.Tests;

/// <summary>A broker with a fresh folder, shared by the tests of one collection.</summary>
public sealed class Broker : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-topics-tests-").FullName;
    private KafkaBroker _broker = null!;
    private int _lastName;

    public string Servers => _broker.BootstrapServers;

    public async Task InitializeAsync() => _broker = await KafkaBroker.StartAsync(new BrokerOptions { DataDirectory = _folder });

    public async Task DisposeAsync()
    {
        await _broker.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public string NewName(string what) => $"{what}-{Interlocked.Increment(ref _lastName)}";

    internal ClusterConnection Connect() => new(new ClientConfig { BootstrapServers = Servers }, TimeSpan.FromSeconds(20));

    internal async Task<string> NewTopicAsync(int partitions = 1, Dictionary<string, string>? configs = null)
    {
        var name = NewName("topic");
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Servers }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = partitions, ReplicationFactor = 1, Configs = configs }]);
        return name;
    }

    internal async Task ProduceAsync(string topic, params (string? Key, byte[]? Value)[] records)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = Servers, LingerMs = 1 }).Build();
        await Task.WhenAll(records.Select(record => producer.ProduceAsync(topic, new Message<byte[], byte[]>
        {
            Key = record.Key is null ? null! : System.Text.Encoding.UTF8.GetBytes(record.Key),
            Value = record.Value!,
        })));
    }

    internal Task ProduceAsync(string topic, params string[] values) => ProduceAsync(topic, [.. values.Select(value => ((string?)null, (byte[]?)System.Text.Encoding.UTF8.GetBytes(value)))]);

    internal IConsumer<string, string> Member(string group, string topic, string clientId = "tester")
    {
        var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = Servers,
            GroupId = group,
            ClientId = clientId,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            SessionTimeoutMs = 6000,
            FetchQueueBackoffMs = 1,
        }).Build();
        consumer.Subscribe(topic);
        return consumer;
    }
}

[CollectionDefinition(Name)]
public sealed class SharedBroker : ICollectionFixture<Broker>
{
    public const string Name = "broker";
}
