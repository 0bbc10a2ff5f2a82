using Npgsql;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Control;
using Streaming.Aggregator.Enrichment;
using Streaming.Aggregator.Outbox;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.References;
using Streaming.Aggregator.Schemas;
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
    StateBudget Budget,
    ControlSignal Signal,
    AdminConnection Admin,
    SourceLog Log,
    AggregatorTelemetry Telemetry,
    TimeProvider Time,
    ILogger Logger)
{
    /// <summary>How far the stages are that publish topics.</summary>
    public required IStagesBefore Stages { get; init; }

    /// <summary>What is known of the registry's schemas; null where no registry is configured.</summary>
    public SchemaDirectory? Schemas { get; init; }
}

/// <summary>
/// Runs one pipeline in this process: its generations, as the control rows say; its relay and its retention always. Ends with the first of them that ends.
/// </summary>
internal sealed class PipelineRunner(PipelineDefinition pipeline, PipelineServices services)
{
    private readonly ILogger _logger = services.Logger;

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        await new ControlStore(services.Database).EnterAsync(pipeline, stoppingToken);
        await KafkaTopics.EnsureAsync(
            AggregatorConnections.ProducerConfig(services.Configuration), [.. pipeline.OwnTopics, Contracts.Topics.OutboxCursors], _logger, stoppingToken);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await RunPartsAsync(ending);
    }

    private async Task RunPartsAsync(CancellationTokenSource ending)
    {
        var settings = services.Options;
        var (database, owner) = (services.Database, services.Instance.Name);
        var depth = new OutboxDepth(database, pipeline.Name, settings.OutboxBound);
        var supervisor = new PipelineSupervisor(pipeline, services, generation => new GenerationRunner(pipeline, generation, services, depth));
        var relay = new OutboxRelay(
            new(pipeline.Name, database, AggregatorConnections.ProducerConfig(services.Configuration),
                AggregatorConnections.ReferenceConsumerConfig(services.Configuration), LargestMessage, settings.RelayLease, settings.RelayInterval),
            services.Relays, services.Telemetry, _logger);
        Task[] parts =
        [
            supervisor.RunAsync(ending.Token),
            relay.RunAsync(owner, ending.Token),
            depth.RunAsync(ending.Token),
            new ResultRetention(database, pipeline, settings.ResultRetention, _logger).RunAsync(ending.Token),
            new EventRetention(database, pipeline, _logger).RunAsync(ending.Token),
            new RetiredRows(database, pipeline.Name, settings.RetiredGrace, _logger).RunAsync(ending.Token),
        ];
        await Task.WhenAny(parts);
        await ending.CancelAsync();
        await Task.WhenAll(parts);
    }

    /// <summary>Largest message that an outbox row can become: a side output, with room for the record's own framing.</summary>
    private int LargestMessage => pipeline.Outputs.Topics.Max(topic => topic.MaxMessageBytes) + 4096;
}
