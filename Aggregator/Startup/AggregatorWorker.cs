using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Npgsql;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Outbox;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.References;
using Streaming.Aggregator.Telemetry;
using Streaming.Contracts;
using Streaming.Contracts.Kafka;

namespace Streaming.Aggregator.Startup;

/// <summary>
/// Starts the pipeline once PostgreSQL and Kafka are there, and keeps its parts running: the consumer's thread, the relay, the store projection,
/// the outbox's depth, retention. If one of them ends with an error, all are stopped and the host goes down with a non-zero exit code.
/// </summary>
internal sealed class AggregatorWorker(
    PipelineDefinition pipeline,
    IOptions<AggregatorOptions> options,
    InstanceName instance,
    DatabaseMigration migration,
    NpgsqlDataSource database,
    IServiceProvider services,
    IConfiguration configuration,
    KnownKeys known,
    RebalanceHandlers rebalances,
    ConsumptionStatus status,
    AggregatorTelemetry telemetry,
    TimeProvider time,
    ILoggerFactory loggers) : BackgroundService
{
    private readonly ILogger _logger = loggers.CreateLogger("Streaming.Aggregator");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Yield();
            await RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped while it was starting.
        }
        catch (Exception e)
        {
            AggregatorLog.Stopping(_logger, e);
            Environment.ExitCode = 1;
            throw;
        }
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        LibrdkafkaVersion.Require();
        await migration.RunAsync(stoppingToken);
        var generation = await PipelineRegistry.EnterAsync(database, pipeline, stoppingToken);
        AggregatorLog.Starting(_logger, pipeline.Name, generation, instance.Name, pipeline.Fingerprint);
        TopicDeclaration[] topics = [pipeline.Source, Topics.Stores, pipeline.Results, pipeline.Late, pipeline.DeadLetter];
        await KafkaTopics.EnsureAsync(AggregatorConnections.ProducerConfig(configuration), topics, _logger, stoppingToken);

        using var consumer = services.GetRequiredService<IConsumer<byte[], byte[]>>();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var identity = new TopicIdentity(admin);
        await RequireTopicIdsAsync(identity, stoppingToken);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await RunPartsAsync(consumer, identity, new LogEnds(admin), generation, ending);
    }

    /// <summary>Refuses a broker without topic ids at once, instead of at the first checkpoint.</summary>
    private async Task RequireTopicIdsAsync(TopicIdentity identity, CancellationToken cancellationToken)
    {
        var backoff = new Backoff();
        while (true)
        {
            try
            {
                await identity.FindAsync(pipeline.Source.Name, cancellationToken);
                return;
            }
            catch (KafkaException e) when (!e.Error.IsFatal)
            {
                if (backoff.Fail())
                {
                    AggregatorLog.WaitingForKafka(_logger, e.Error.Reason, backoff.Attempts);
                }
            }

            await backoff.WaitAsync(cancellationToken);
        }
    }

    private async Task RunPartsAsync(IConsumer<byte[], byte[]> consumer, TopicIdentity identity, LogEnds logEnds, int generation, CancellationTokenSource ending)
    {
        var settings = options.Value;
        var depth = new OutboxDepth(database, pipeline.Name, settings.OutboxBound);
        await using var consumption = new Consumption(
            new(pipeline, generation, settings, database, instance.Name, identity, logEnds, known, depth, status, telemetry, time, _logger), rebalances);
        var relay = new OutboxRelay(
            pipeline.Name,
            new RelayLeaseStore(database, pipeline.Name, instance.Name, settings.RelayLease),
            new OutboxStore(database, pipeline.Name, instance.Name),
            () => new RelayProducer(RelayProducer.Configure(AggregatorConnections.ProducerConfig(configuration), AggregatorConnections.LargestMessage, settings.RelayLease), _logger),
            settings.RelayInterval, telemetry, _logger);
        var stores = new StoreProjection(
            () => new ConsumerBuilder<byte[], byte[]>(AggregatorConnections.ReferenceConsumerConfig(configuration))
                .SetErrorHandler((_, error) => AggregatorLog.ClientSays(_logger, error.Reason))
                .SetLogHandler((_, line) => AggregatorLog.ClientSays(_logger, line.Message))
                .Build(),
            new StoreTable(database), known, _logger);
        Task[] parts =
        [
            consumption.RunAsync(consumer, ending.Token),
            relay.RunAsync(instance.Name, ending.Token),
            stores.RunAsync(ending.Token),
            depth.RunAsync(ending.Token),
            new ResultRetention(database, pipeline, settings.ResultRetention, _logger).RunAsync(generation, ending.Token),
        ];
        status.Started();
        await Task.WhenAny(parts);
        await ending.CancelAsync();
        await Task.WhenAll(parts);
    }
}

/// <summary>Names this process's run: whoever starts again is another owner.</summary>
internal sealed record InstanceName(string Name)
{
    public static InstanceName Create() => new($"{Environment.MachineName}:{Environment.ProcessId}:{Guid.NewGuid().ToString("N")[..8]}");
}
