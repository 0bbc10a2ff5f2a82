using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Server;

/// <summary>Records go from topic to topic in transactions while the broker is killed again and again.</summary>
public sealed class ExactlyOnceTests : IDisposable
{
    private const int Records = 3_000;
    private const int Kills = 4;
    private readonly BrokerProcess _broker = new();

    public void Dispose() => _broker.Dispose();

    [Fact]
    public async Task Each_record_comes_out_once_however_often_the_broker_is_killed()
    {
        await _broker.StartAsync();
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = _broker.Servers }).Build())
        {
            await admin.CreateTopicsAsync([new TopicSpecification { Name = "in", NumPartitions = 2 }, new TopicSpecification { Name = "out", NumPartitions = 1 }]);
        }

        using (var feeder = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = _broker.Servers, LingerMs = 5 }).Build())
        {
            await feeder.ProduceManyAsync("in", Records);
        }

        using var stop = new CancellationTokenSource();
        var working = new TransactionalWorker(_broker.Servers, "in", "out").RunAsync(stop.Token);
        try
        {
            using var reader = NewReader();
            reader.Assign(new TopicPartitionOffset("out", 0, 0));
            var seen = new List<string>();
            for (var kill = 1; kill <= Kills; kill++)
            {
                await ReadAsync(reader, seen, Records * kill / (Kills + 1));
                await _broker.KillAndRestartAsync();
            }

            await ReadAsync(reader, seen, Records);
            Assert.Null(reader.Consume(TimeSpan.FromSeconds(1)));
            Assert.Equal(Enumerable.Range(0, Records), seen.Select(static v => int.Parse(v, CultureInfo.InvariantCulture)).Order());
        }
        finally
        {
            await stop.CancelAsync();
            await working;
        }
    }

    private static Task ReadAsync(IConsumer<string, string> reader, List<string> seen, int count) => Eventually.IsTrueAsync(
        () =>
        {
            while (reader.Consume(TimeSpan.FromMilliseconds(50)) is { } record)
            {
                seen.Add(record.Message.Value);
            }

            return seen.Count >= count;
        },
        $"{count} records have come out");

    private IConsumer<string, string> NewReader() => new ConsumerBuilder<string, string>(new ConsumerConfig
    {
        BootstrapServers = _broker.Servers,
        GroupId = "reader",
        IsolationLevel = IsolationLevel.ReadCommitted,
        AutoOffsetReset = AutoOffsetReset.Error,
        ReconnectBackoffMaxMs = 200,
    }).SetLogHandler(static (_, _) => { }).Build();
}
