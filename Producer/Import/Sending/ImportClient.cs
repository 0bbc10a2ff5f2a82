using Confluent.Kafka;
using Streaming.Cluster;
using Streaming.Producer.Records;

namespace Streaming.Producer.Import.Sending;

/// <summary>The Kafka client of an import: settings of the environment, then of the command line, then those that order and exactness rest on.</summary>
internal static class ImportClient
{
    private const string Connection = "kafka";
    private const int SmallestMessageMax = 1000;
    private const int UsualBatch = 1_000_000;

    /// <summary>The client's settings.</summary>
    /// <exception cref="UsageException">It is not known where Kafka is.</exception>
    /// <exception cref="ClusterException">The file of settings cannot be used.</exception>
    public static ProducerConfig Configure(ImportOptions options, string? bootstrapServer, string? propertiesFile, IEnumerable<(string Name, string Value)> settings)
    {
        var environment = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var config = new ProducerConfig();
        var section = environment.GetSection("Aspire:Confluent:Kafka:Producer");
        section.GetSection("Config").Bind(config);
        section.GetSection($"{Connection}:Config").Bind(config);
        var properties = propertiesFile ?? environment[SharedSettings.Key];
        SharedSettings.AddTo(config, properties);
        var named = propertiesFile is null ? null : SharedSettings.Read(propertiesFile).Client.GetValueOrDefault("bootstrap.servers");
        config.BootstrapServers = bootstrapServer ?? named ?? environment.GetConnectionString(Connection) ?? config.BootstrapServers;
        foreach (var (name, value) in settings)
        {
            config.Set(name, value);
        }

        if (string.IsNullOrEmpty(config.BootstrapServers))
        {
            throw new UsageException("--bootstrap-server HOST:PORT says where Kafka is (or ConnectionStrings__kafka in the environment)");
        }

        config.EnableIdempotence = true;
        config.Acks = Acks.All;
        config.Partitioner = Partitioner.Murmur2Random;
        config.MessageTimeoutMs = (int)options.DeliveryTimeout.TotalMilliseconds;
        config.DeliveryReportFields = "status";
        config.LingerMs ??= 5;
        config.QueueBufferingMaxKbytes ??= 64 * 1024;
        config.ReconnectBackoffMaxMs ??= 1000;
        return config;
    }

    /// <summary>The client. Its batches are no larger than what the topic takes.</summary>
    /// <exception cref="UsageException">A setting is unknown or makes no sense.</exception>
    public static IProducer<byte[]?, byte[]> Build(ProducerConfig config, TopicFacts topic, Action<Error> onError, Action<string> tell)
    {
        var most = Math.Max(SmallestMessageMax, topic.LargestRecord + TopicFacts.Overhead);
        config.MessageMaxBytes ??= most;
        config.BatchSize ??= Math.Min(UsualBatch, most);
        var isDown = false;
        return Build(new ProducerBuilder<byte[]?, byte[]>(config)
            .SetLogHandler((_, _) => { /* What matters comes as an error too. */ })
            .SetErrorHandler((_, error) =>
            {
                if (error.Code == ErrorCode.Local_AllBrokersDown && !isDown)
                {
                    tell($"Kafka cannot be reached, waiting: {error.Reason}");
                }

                isDown = error.Code == ErrorCode.Local_AllBrokersDown;
                onError(error);
            })
            .Build);
    }

    /// <summary>Builds a client.</summary>
    /// <exception cref="UsageException">A setting is unknown or makes no sense.</exception>
    public static T Build<T>(Func<T> build)
    {
        try
        {
            return build();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            throw new UsageException($"--config: {exception.Message}");
        }
    }
}
