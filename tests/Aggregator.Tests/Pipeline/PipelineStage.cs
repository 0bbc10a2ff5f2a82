using System.Diagnostics.Metrics;
using System.Net;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Telemetry;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Streaming.Contracts.Kafka;
using Streaming.Embedded.Kafka;

namespace Streaming.Aggregator.Tests.Pipeline;

/// <summary>A broker and a database of one test, and Aggregators that run on them in this process.</summary>
internal sealed class PipelineStage : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-pipeline-").FullName;
    private readonly List<IHost> _hosts = [];
    private KafkaBroker? _broker;

    private PipelineStage(string connectionString)
    {
        ConnectionString = connectionString;
        // No pool: a test asks after a restart too, when pooled connections are dead.
        Database = NpgsqlDataSource.Create(connectionString + ";Pooling=false");
        Admin = new AdminConnection(() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers }).Build());
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource Database { get; }

    /// <summary>The test's own questions to the broker.</summary>
    public AdminConnection Admin { get; }

    public string BootstrapServers { get; private set; } = "";

    /// <summary>The schema registry of the Aggregators that are started from now on; null for none.</summary>
    public Uri? SchemaRegistry { get; set; }

    /// <summary>A file of settings for clients; null for none.</summary>
    public string? Properties { get; init; }

    /// <summary>The clock of the Aggregators' telemetry; null for the computer's.</summary>
    public TimeProvider? TelemetryClock { get; set; }

    /// <summary>What the Aggregators logged, a line each.</summary>
    public LineLog Lines { get; } = new();

    public static async Task<PipelineStage> CreateAsync(PostgresFixture postgres) => await CreateAsync(await postgres.CreateDatabaseAsync());

    /// <summary>On a database of the test's own, which need not exist yet.</summary>
    public static async Task<PipelineStage> CreateAsync(string connectionString)
    {
        var stage = new PipelineStage(connectionString);
        await stage.StartBrokerAsync();
        return stage;
    }

    /// <summary>On a broker of the test's own.</summary>
    public static async Task<PipelineStage> OnAsync(PostgresFixture postgres, string bootstrapServers, string? properties = null) =>
        new(await postgres.CreateDatabaseAsync()) { BootstrapServers = bootstrapServers, Properties = properties };

    public async Task StartBrokerAsync()
    {
        var listen = _broker is null && BootstrapServers == "" ? new IPEndPoint(IPAddress.Loopback, 0) : IPEndPoint.Parse(BootstrapServers);
        _broker = await KafkaBroker.StartAsync(new BrokerOptions { DataDirectory = Path.Combine(_folder, "kafka"), Listen = listen, AutoCreateTopics = false });
        BootstrapServers = _broker.BootstrapServers;
    }

    public async Task StopBrokerAsync()
    {
        await _broker!.DisposeAsync();
        _broker = null;
    }

    public Task<IHost> StartAggregatorAsync(params (string Key, string Value)[] settings) => StartAggregatorAsync([], settings);

    /// <summary>An Aggregator that runs these pipelines; all that there are when none is given.</summary>
    public async Task<IHost> StartAggregatorAsync(IReadOnlyList<PipelineDefinition> pipelines, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:kafka"] = BootstrapServers,
            ["ConnectionStrings:streaming"] = ConnectionString,
            ["ConnectionStrings:schema-registry"] = SchemaRegistry?.ToString(),
            ["Kafka:Properties"] = Properties,
            ["Aggregator:CheckpointInterval"] = "00:00:00.050",
            ["Aggregator:Pipelines"] = Streaming.Aggregator.Pipelines.SalesByStore.Name,
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"Aggregator:{s.Key}", (string?)s.Value)));
        builder.Logging.AddProvider(Lines).SetMinimumLevel(LogLevel.Information);
        builder.AddAggregator(pipelines);
        if (TelemetryClock is { } clock)
        {
            builder.Services.AddSingleton(services => new AggregatorTelemetry(services.GetRequiredService<IMeterFactory>(), clock));
        }

        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync();
        return host;
    }

    /// <summary>An Aggregator in a process of its own, which can be killed.</summary>
    public AggregatorProcess StartProcess(params (string Key, string Value)[] settings) => AggregatorProcess.Start(BootstrapServers, ConnectionString, Lines, settings);

    /// <summary>Waits until a program reads.</summary>
    public Task ReadyAsync(AggregatorProcess program) => Until.TrueAsync(() => Lines.Says($"[{program.Id}]       Reading "), "partitions are read", Lines.ToString);

    public async Task StopAsync(IHost host)
    {
        _hosts.Remove(host);
        await host.StopAsync();
        host.Dispose();
    }

    /// <summary>Gets rid of a host that has not been stopped.</summary>
    public void Abandon(IHost host)
    {
        _hosts.Remove(host);
        host.Dispose();
    }

    /// <summary>Sends records as the Producer does: keyed by store, with Java's partitioner.</summary>
    public async Task ProduceAsync(IEnumerable<(byte[]? Key, byte[]? Value)> records, string? topic = null, int? partition = null)
    {
        using var producer = new ProducerBuilder<byte[]?, byte[]?>(Secured(new ProducerConfig
        {
            BootstrapServers = BootstrapServers,
            EnableIdempotence = true,
            LingerMs = 1,
            Partitioner = Partitioner.Murmur2Random,
            MessageMaxBytes = 2 * Topics.LargestInput,
        })).Build();
        var target = new TopicPartition(topic ?? Topics.Sales.Name, partition ?? Partition.Any);
        await Task.WhenAll(records.Select(record => producer.ProduceAsync(target, new Message<byte[]?, byte[]?> { Key = record.Key, Value = record.Value })));
    }

    public Task ProduceAsync(params IEnumerable<StoreSale> sales) =>
        ProduceAsync(sales.Select(sale => ((byte[]?)System.Text.Encoding.UTF8.GetBytes(sale.StoreId), (byte[]?)StoreSaleJson.Encode(sale))));

    /// <summary>Everything committed that a topic holds now, in order of partition and offset.</summary>
    public IReadOnlyList<ConsumeResult<byte[]?, byte[]?>> ReadAll(TopicDeclaration topic)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(Secured(new ConsumerConfig
        {
            BootstrapServers = BootstrapServers,
            GroupId = "reader",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            IsolationLevel = IsolationLevel.ReadCommitted,
        })).Build();
        var partitions = Enumerable.Range(0, topic.Partitions).Select(p => new TopicPartition(topic.Name, p)).ToList();
        consumer.Assign(partitions.Select(p => new TopicPartitionOffset(p, Offset.Beginning)));
        var records = new List<ConsumeResult<byte[]?, byte[]?>>();
        for (var ends = 0; ends < partitions.Count;)
        {
            var record = consumer.Consume(TimeSpan.FromSeconds(20)) ?? throw new TimeoutException($"The end of {topic.Name} is not reached.");
            ends += record.IsPartitionEOF ? 1 : 0;
            if (!record.IsPartitionEOF)
            {
                records.Add(record);
            }
        }

        return [.. records.OrderBy(r => r.Partition.Value).ThenBy(r => r.Offset.Value)];
    }

    private T Secured<T>(T config)
        where T : ClientConfig
    {
        Streaming.Cluster.SharedSettings.AddTo(config, Properties);
        return config;
    }

    /// <summary>Waits until as many records are in the results as have been produced.</summary>
    public Task CommittedAsync(long records) => Until.TrueAsync(
        async () => await NumberAsync("SELECT coalesce(sum(next_offset), 0)::bigint FROM checkpoints") >= records,
        $"{records} records are committed",
        async () => $"{await NumberAsync("SELECT coalesce(sum(next_offset), 0)::bigint FROM checkpoints")} are. {Lines}");

    public Task OutboxIsEmptyAsync() => Until.TrueAsync(async () => await NumberAsync("SELECT count(*) FROM outbox") == 0, "the outbox is empty", () => Task.FromResult(Lines.ToString()));

    public async Task<long> NumberAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The results per store and minute, of every topic id.</summary>
    public async Task<IReadOnlyDictionary<(string Store, DateTime Start), Recount.Minute>> ResultsAsync()
    {
        await using var command = Database.CreateCommand("SELECT group_key, window_start, count, sum, min, max FROM window_results");
        await using var reader = await command.ExecuteReaderAsync();
        var results = new Dictionary<(string, DateTime), Recount.Minute>();
        while (await reader.ReadAsync())
        {
            results.Add((reader.GetString(0), reader.GetDateTime(1)), new(reader.GetInt64(2), (long)reader.GetDecimal(3), reader.GetInt64(4), reader.GetInt64(5)));
        }

        return results;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }

        await Admin.DisposeAsync();
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }

        await Database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
