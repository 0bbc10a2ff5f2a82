using System.Net;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Streaming.Embedded.Kafka;
using Streaming.Producer.Publishing;

namespace Streaming.Producer.Tests;

/// <summary>A broker in this process that can be stopped and started again on the same port and data.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-producer-tests-").FullName;
    private IPEndPoint _endpoint = new(IPAddress.Loopback, 0);
    private KafkaBroker? _broker;

    public string BootstrapServers => _endpoint.ToString();

    public static async Task<Cluster> StartAsync()
    {
        var cluster = new Cluster();
        await cluster.ResumeAsync();
        return cluster;
    }

    /// <summary>A cluster whose address is known and where nobody listens yet.</summary>
    public static async Task<Cluster> StoppedAsync()
    {
        var cluster = await StartAsync();
        await cluster.StopAsync();
        return cluster;
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

    /// <summary>A host with the publisher on this cluster; the scenario runs only when a test adds it.</summary>
    public IHost Host(Action<IServiceCollection>? configure = null, params (string Key, string Value)[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        foreach (var (key, value) in settings.Append(("ConnectionStrings:kafka", BootstrapServers)))
        {
            builder.Configuration[key] = value;
        }

        builder.AddPublishing("kafka");
        configure?.Invoke(builder.Services);
        return builder.Build();
    }

    /// <summary>All records of a topic up to its present end, partition by partition in offset order.</summary>
    public List<ConsumeResult<byte[], byte[]>> Read(string topic, int partitions)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = BootstrapServers,
            GroupId = "reader",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
        };
        using var consumer = new ConsumerBuilder<byte[], byte[]>(config).Build();
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        var records = new List<ConsumeResult<byte[], byte[]>>();
        for (var open = partitions; open > 0;)
        {
            var result = consumer.Consume(TimeSpan.FromSeconds(30)) ?? throw new TimeoutException($"{topic}: no end of {open} partitions within 30 s.");
            if (result.IsPartitionEOF)
            {
                open--;
            }
            else
            {
                records.Add(result);
            }
        }

        consumer.Close();
        return [.. records.OrderBy(record => record.Partition.Value).ThenBy(record => record.Offset.Value)];
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>Waiting for what other threads bring about.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task True(Func<bool> condition, string what)
    {
        var end = DateTime.UtcNow + Limit;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < end, $"Not within {Limit}: {what}");
            await Task.Delay(20);
        }
    }

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
