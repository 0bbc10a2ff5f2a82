using System.Net;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Streaming.Dashboard.Kafka;
using Streaming.Embedded.Kafka;

namespace Streaming.Dashboard.Tests.Kafka;

/// <summary>A broker in this process that can be stopped and started again on the same port and data.</summary>
internal sealed class TestBroker : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dashboard-kafka-tests-").FullName;
    private IPEndPoint _endpoint = new(IPAddress.Loopback, 0);
    private KafkaBroker? _broker;

    public string Servers => _endpoint.ToString();

    public static async Task<TestBroker> StartAsync()
    {
        var broker = new TestBroker();
        await broker.ResumeAsync();
        return broker;
    }

    public async Task ResumeAsync()
    {
        _broker = await KafkaBroker.StartAsync(new BrokerOptions { DataDirectory = _folder, Listen = _endpoint });
        _endpoint = IPEndPoint.Parse(_broker.BootstrapServers);
    }

    public async Task StopAsync()
    {
        if (_broker is { } broker)
        {
            _broker = null;
            await broker.DisposeAsync();
        }
    }

    public async Task CreateAsync(string topic, int partitions = 1)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Servers }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }]);
    }

    public async Task ProduceAsync(string topic, params (string? Key, string Value)[] records)
    {
        using var producer = new ProducerBuilder<string?, string>(new ProducerConfig { BootstrapServers = Servers, LingerMs = 1 }).SetKeySerializer(Serializers.Utf8!).Build();
        foreach (var (key, value) in records)
        {
            await producer.ProduceAsync(topic, new Message<string?, string> { Key = key, Value = value });
        }
    }

    public (KafkaFeeds Feeds, SharedCluster Cluster) Feeds(KafkaPageOptions? options = null)
    {
        var settings = Options.Create(options ?? new KafkaPageOptions { PollInterval = TimeSpan.FromMilliseconds(250), RequestTimeout = TimeSpan.FromSeconds(3) });
        var cluster = new SharedCluster(new KafkaSettings(new ClientConfig { BootstrapServers = Servers }, null), settings, TimeProvider.System, NullLogger<SharedCluster>.Instance);
        return (new KafkaFeeds(cluster, settings, TimeProvider.System, NullLogger<KafkaFeeds>.Instance), cluster);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
