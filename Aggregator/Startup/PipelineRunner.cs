using Confluent.Kafka;
using Npgsql;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Outbox;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.References;
using Streaming.Aggregator.Telemetry;
using Streaming.Contracts.Kafka;

namespace Streaming.Aggregator.Startup;

/// <summary>What every pipeline of this process shares.</summary>
internal sealed record PipelineServices(
    AggregatorOptions Options,
    InstanceName Instance,
    NpgsqlDataSource Database,
    IConfiguration Configuration,
    KnownKeys Known,
    PipelineHealth Health,
    RelayStatus Relays,
    AggregatorTelemetry Telemetry,
    TimeProvider Time,
    ILogger Logger);

/// <summary>Runs one pipeline in this process: its consumer's thread, its relay, its retention. Ends with the first of them that ends.</summary>
internal sealed class PipelineRunner(PipelineDefinition pipeline, PipelineServices services)
{
    private readonly ILogger _logger = services.Logger;
    private readonly ConsumptionStatus _status = services.Health.Of(pipeline.Name);

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        var generation = await PipelineRegistry.EnterAsync(services.Database, pipeline, stoppingToken);
        AggregatorLog.Starting(_logger, pipeline.Name, generation, services.Instance.Name, pipeline.Fingerprint);
        await KafkaTopics.EnsureAsync(
            AggregatorConnections.ProducerConfig(services.Configuration), [.. OwnTopics()], _logger, stoppingToken);

        var rebalances = new RebalanceHandlers();
        var group = PipelineConsumer.GroupOf(services.Options, pipeline.Name, generation);
        using var consumer = PipelineConsumer.Create(services.Configuration, services.Options, group, rebalances, _logger);
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var identity = new TopicIdentity(admin);
        await WaitForSourceAsync(identity, stoppingToken);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await RunPartsAsync(consumer, rebalances, identity, new LogEnds(admin), generation, ending);
    }

    private IEnumerable<Contracts.TopicDeclaration> OwnTopics()
    {
        var topics = pipeline.Outputs.Topics.Append(Contracts.Topics.OutboxCursors);
        topics = pipeline.KnownBy is { } reference ? topics.Prepend(reference) : topics;
        return pipeline.Source.Declaration is { } source ? topics.Prepend(source) : topics;
    }

    /// <summary>Waits for the source topic, if it is somebody else's, and refuses a broker without topic ids at once, instead of at the first checkpoint.</summary>
    private async Task WaitForSourceAsync(TopicIdentity identity, CancellationToken cancellationToken)
    {
        var backoff = new Backoff();
        while (true)
        {
            try
            {
                if (await identity.FindAsync(pipeline.Source.Name, cancellationToken) is not null)
                {
                    services.Health.Runs(pipeline.Name);
                    return;
                }

                services.Health.DoesNotRun(pipeline.Name, $"waiting for the topic '{pipeline.Source.Name}'");
                if (backoff.Fail())
                {
                    AggregatorLog.WaitingForTopic(_logger, pipeline.Name, pipeline.Source.Name);
                }
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

    private async Task RunPartsAsync(
        IConsumer<byte[], byte[]> consumer, RebalanceHandlers rebalances, TopicIdentity identity, LogEnds logEnds, int generation, CancellationTokenSource ending)
    {
        var settings = services.Options;
        var (database, owner) = (services.Database, services.Instance.Name);
        var depth = new OutboxDepth(database, pipeline.Name, settings.OutboxBound);
        await using var consumption = new Consumption(
            new(pipeline, generation, settings, database, owner, identity, logEnds, services.Known, depth, _status, services.Telemetry, services.Time, _logger), rebalances);
        var relay = new OutboxRelay(
            new(pipeline.Name, database, AggregatorConnections.ProducerConfig(services.Configuration),
                AggregatorConnections.ReferenceConsumerConfig(services.Configuration), LargestMessage, settings.RelayLease, settings.RelayInterval),
            services.Relays, services.Telemetry, _logger);
        Task[] parts =
        [
            consumption.RunAsync(consumer, ending.Token),
            relay.RunAsync(owner, ending.Token),
            depth.RunAsync(ending.Token),
            new ResultRetention(database, pipeline, settings.ResultRetention, _logger).RunAsync(generation, ending.Token),
        ];
        _status.Started();
        await Task.WhenAny(parts);
        await ending.CancelAsync();
        await Task.WhenAll(parts);
    }

    /// <summary>Largest message that an outbox row can become: a side output, with room for the record's own framing.</summary>
    private int LargestMessage => pipeline.Outputs.Topics.Max(topic => topic.MaxMessageBytes) + 4096;
}
