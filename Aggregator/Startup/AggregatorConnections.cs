using Confluent.Kafka;
using Npgsql;
using Streaming.Cluster;
using Streaming.Contracts.Kafka;

namespace Streaming.Aggregator.Startup;

/// <summary>The connections beside the one that Aspire's integration registers: their settings come from the same sections and connection strings.</summary>
internal static class AggregatorConnections
{
    public const string Kafka = "kafka";
    public const string Database = "streaming";

    /// <summary>Plain Npgsql for checkpoints, claims and the outbox: no automatic retry, whose repetition nobody here could account for.</summary>
    public static NpgsqlDataSource CreateDatabase(IConfiguration configuration)
    {
        var connection = new NpgsqlConnectionStringBuilder(Require(configuration, Database))
        {
            ApplicationName = "aggregator",
        };
        return NpgsqlDataSource.Create(connection);
    }

    /// <summary>For questions about topics, with the consumers' settings; all pipelines of the process share it. It connects with the first question.</summary>
    public static AdminConnection CreateAdmin(IConfiguration configuration) => new(() => new AdminClientBuilder(KafkaTopics.AdminConfig(ConsumerConfig(configuration)))
        .SetErrorHandler((_, _) => { /* Whoever asks is told. */ }).SetLogHandler((_, _) => { }).Build());

    /// <summary>Settings of the relay's producer: section <c>Aspire:Confluent:Kafka:Producer</c>, as Aspire's integration reads it.</summary>
    public static ProducerConfig ProducerConfig(IConfiguration configuration)
    {
        var config = new ProducerConfig();
        Bind(configuration, "Producer", config);
        return config;
    }

    /// <summary>Settings of a consumer: section <c>Aspire:Confluent:Kafka:Consumer</c>, as Aspire's integration reads it.</summary>
    public static ConsumerConfig ConsumerConfig(IConfiguration configuration)
    {
        var config = new ConsumerConfig();
        Bind(configuration, "Consumer", config);
        return config;
    }

    /// <summary>Settings of a consumer beside the pipelines': it reads a whole topic, belongs to no group and commits nothing.</summary>
    public static ConsumerConfig ReferenceConsumerConfig(IConfiguration configuration)
    {
        var config = ConsumerConfig(configuration);
        config.GroupId = "unused";
        config.EnableAutoCommit = false;
        config.EnablePartitionEof = true;
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        config.IsolationLevel = IsolationLevel.ReadCommitted;
        return config;
    }

    private static void Bind(IConfiguration configuration, string section, ClientConfig config)
    {
        var settings = configuration.GetSection($"Aspire:Confluent:Kafka:{section}");
        settings.GetSection("Config").Bind(config);
        settings.GetSection($"{Kafka}:Config").Bind(config);
        SharedSettings.AddTo(config, configuration[SharedSettings.Key]);
        config.BootstrapServers = Require(configuration, Kafka);
    }

    private static string Require(IConfiguration configuration, string name) => configuration.GetConnectionString(name) is { Length: > 0 } value
        ? value
        : throw new InvalidOperationException($"ConnectionStrings:{name} is missing.");
}
