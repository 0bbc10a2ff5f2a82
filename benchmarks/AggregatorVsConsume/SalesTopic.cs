using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.Contracts;

namespace Streaming.Benchmarks.AggregatorVsConsume;

/// <summary>The input: declared as the application declares it, filled with good sales, a few of them out of order.</summary>
internal static class SalesTopic
{
    private const int MaxDisorderMs = 2_000;

    /// <summary>Creates the topics and fills them. The event times end a minute ago, so that none is too far ahead.</summary>
    /// <returns>The exact sum of the amounts.</returns>
    public static async Task<long> FillAsync(string bootstrapServers, Settings settings)
    {
        await CreateAsync(bootstrapServers);
        var random = new Random(settings.Seed);
        string[] stores = [.. Enumerable.Range(0, settings.Keys).Select(i => $"store-{i:00000}")];
        byte[][] keys = [.. stores.Select(Encoding.UTF8.GetBytes)];
        long spanMs = settings.Minutes * 60_000L;
        long firstMs = DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeMilliseconds() - spanMs;
        long sum = 0;
        using var output = new Output(bootstrapServers);
        for (int i = 0; i < settings.Keys; i++)
        {
            output.Send(Topics.Stores.Name, keys[i], StoreJson.Encode(new Store(stores[i], stores[i], "Zurich", "CH", 47.4, 8.5, "CHF")));
        }

        for (long i = 0; i < settings.Events; i++)
        {
            int store = random.Next(settings.Keys);
            int amount = random.Next(1, 5_000);
            long eventTimeMs = firstMs + (i * spanMs / settings.Events) - random.Next(MaxDisorderMs);
            output.Send(Topics.Sales.Name, keys[store], StoreSaleJson.Encode(new StoreSale(stores[store], amount, eventTimeMs)));
            sum += amount;
        }

        output.Finish();
        return sum;
    }

    private static async Task CreateAsync(string bootstrapServers)
    {
        using IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
        await admin.CreateTopicsAsync(Topics.All.Select(topic => new TopicSpecification
        {
            Name = topic.Name,
            NumPartitions = topic.Partitions,
            ReplicationFactor = 1,
            Configs = topic.Configuration().ToDictionary(),
        }));
    }

    private sealed class Output(string bootstrapServers) : IDisposable
    {
        private static readonly TimeSpan FlushLimit = TimeSpan.FromMinutes(2);
        private readonly IProducer<byte[], byte[]> _producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            EnableIdempotence = true,
            Partitioner = Partitioner.Murmur2Random,
            LingerMs = 20,
            BatchSize = 256 * 1024,
            QueueBufferingMaxMessages = 500_000,
        }).Build();

        private Error? _failure;

        public void Send(string topic, byte[] key, byte[] value)
        {
            var message = new Message<byte[], byte[]> { Key = key, Value = value };
            while (true)
            {
                ThrowIfFailed();
                try
                {
                    _producer.Produce(topic, message, report => _failure ??= report.Error.IsError ? report.Error : null);
                    return;
                }
                catch (ProduceException<byte[], byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
                {
                    _producer.Poll(TimeSpan.FromMilliseconds(50));
                }
            }
        }

        public void Finish()
        {
            int left = _producer.Flush(FlushLimit);
            ThrowIfFailed();
            if (left > 0)
            {
                throw new TimeoutException($"{left} records were not delivered in {FlushLimit}.");
            }
        }

        public void Dispose() => _producer.Dispose();

        private void ThrowIfFailed()
        {
            if (_failure is { } error)
            {
                throw new KafkaException(error);
            }
        }
    }
}
