using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Npgsql;
using Streaming.Aggregator.Alerts.Webhook;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Control;
using Streaming.Aggregator.Enrichment;
using Streaming.Aggregator.Outbox;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.References;
using Streaming.Aggregator.Schemas;
using Streaming.Aggregator.Telemetry;
using Streaming.Contracts;
using Streaming.Contracts.Kafka;

namespace Streaming.Aggregator.Startup;

/// <summary>
/// Starts the pipelines once PostgreSQL and Kafka are there, and what serves them all: the projection of the stores. If one of them ends with an error, all are stopped
/// and the host goes down with a non-zero exit code.
/// </summary>
internal sealed class AggregatorWorker(
    IReadOnlyList<PipelineDefinition> pipelines,
    IOptions<AggregatorOptions> options,
    InstanceName instance,
    DatabaseMigration migration,
    NpgsqlDataSource database,
    IConfiguration configuration,
    KnownKeys known,
    PipelineHealth health,
    RelayStatus relays,
    ControlSignal signal,
    AdminConnection admin,
    SourceLog log,
    AggregatorTelemetry telemetry,
    TimeProvider time,
    IEnumerable<SchemaDirectory> schemas,
    ILoggerFactory loggers) : BackgroundService
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    /// <summary>How often a stage is asked how far it is, at most.</summary>
    private static readonly TimeSpan StageInterval = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = loggers.CreateLogger("Streaming.Aggregator");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Yield();
            LibrdkafkaVersion.Require();
            await PrepareAsync(stoppingToken);
            await RunAllAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped while it was starting.
        }
        catch (Exception e) when (stoppingToken.IsCancellationRequested && (CheckpointErrors.MayPass(e) || e is KafkaException))
        {
            // A server went away in the same moment: whoever starts next goes on from the last checkpoint, as after any stop.
            AggregatorLog.StoppedWithoutServer(_logger, e.Message);
        }
        catch (Exception e)
        {
            AggregatorLog.Stopping(_logger, e);
            Environment.ExitCode = 1;
            throw;
        }
    }

    /// <summary>
    /// A host that did not wait for the worker's end gets rid of what the worker uses right after this: it waits here, for as long as each part's own limits allow, and no
    /// longer than <see cref="EndLimit"/>.
    /// </summary>
    public override void Dispose()
    {
        base.Dispose();
        if (ExecuteTask is { IsCompleted: false } running && !((IAsyncResult)running).AsyncWaitHandle.WaitOne(EndLimit))
        {
            AggregatorLog.StillRunning(_logger, EndLimit.TotalSeconds);
        }
    }

    /// <summary>PostgreSQL and Kafka side by side; what one of them refuses for good is said although the other is still waited for.</summary>
    private async Task PrepareAsync(CancellationToken stoppingToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Task[] parts =
        [
            TransactionSupport.RequireAsync(AggregatorConnections.ProducerConfig(configuration), _logger, ending.Token),
            migration.RunAsync(ending.Token),
        ];
        if (!(await Task.WhenAny(parts)).IsCompletedSuccessfully)
        {
            await ending.CancelAsync();
        }

        await Task.WhenAll(parts);
    }

    private async Task RunAllAsync(CancellationToken stoppingToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var services = new PipelineServices(options.Value, instance, database, configuration, known, health, relays, new StateBudget(options.Value.MaxStateBytes), signal, admin, log, telemetry, time, _logger)
        {
            Schemas = schemas.FirstOrDefault(),
            Stages = FindStages(),
        };
        var running = options.Value.KeepEvents ? pipelines : [.. pipelines.Select(pipeline => pipeline with { KeptEvents = null })];
        List<Task> parts = [.. running.Select(pipeline => new PipelineRunner(pipeline, services).RunAsync(ending.Token))];
        parts.Add(new ControlListener(database, signal).RunAsync(ending.Token));
        parts.Add(new InstanceFiguresTable(database, instance.Name, telemetry, options.Value.FiguresInterval, _logger).RunAsync(ending.Token));
        parts.AddRange(pipelines.Select(pipeline => pipeline.Enrichment).OfType<EnrichmentDefinition>()
            .Select(stage => new EnrichmentRunner(stage, services).RunAsync(ending.Token)));
        if (pipelines.Any(pipeline => pipeline.KnownBy is not null))
        {
            parts.Add(ProjectStoresAsync(ending.Token));
        }

        using var webhook = options.Value.Webhook.IsConfigured ? new WebhookClient(options.Value.Webhook, time) : null;
        if (webhook is not null)
        {
            parts.Add(new WebhookSender(new WebhookStore(database), webhook, options.Value.Webhook, telemetry, _logger).RunAsync(ending.Token));
        }

        health.Started();
        await Task.WhenAny(parts);
        await ending.CancelAsync();
        await Task.WhenAll(parts);
    }

    /// <summary>Those of this process, and those of the application's other pipelines, which another process may run.</summary>
    private StagesBefore FindStages()
    {
        var query = new StageProgressQuery(admin);
        var here = pipelines.Select(pipeline => pipeline.Name).ToHashSet(StringComparer.Ordinal);
        var all = pipelines.Concat(PipelineCatalog.Find(typeof(AggregatorWorker).Assembly)).Select(pipeline => pipeline.Enrichment).OfType<EnrichmentDefinition>();
        var interval = options.Value.IdleTimeout / 4 < StageInterval ? options.Value.IdleTimeout / 4 : StageInterval;
        return new StagesBefore(
            [.. all.DistinctBy(stage => stage.Pipeline)], here,
            (stage, isRunHere) => new StageReach(stage.Source.Name, StagesBefore.GroupOf(options.Value, stage.Pipeline), isRunHere, query, interval, time));
    }

    private async Task ProjectStoresAsync(CancellationToken cancellationToken)
    {
        await KafkaTopics.EnsureAsync(AggregatorConnections.ProducerConfig(configuration), [Topics.Stores], _logger, cancellationToken);
        await Stores().RunAsync(cancellationToken);
    }

    private CompactedTopic Stores() => new(
        Topics.Stores.Name,
        () => new ConsumerBuilder<byte[], byte[]>(AggregatorConnections.ReferenceConsumerConfig(configuration))
            .SetErrorHandler((_, error) => AggregatorLog.ClientSays(_logger, error.Reason))
            .SetLogHandler((_, line) => AggregatorLog.ClientSays(_logger, line.Message))
            .Build(),
        new StoreProjection(new StoreTable(database), known, _logger));
}

/// <summary>Names this process's run: whoever starts again is another owner.</summary>
internal sealed record InstanceName(string Name)
{
    public static InstanceName Create() => new($"{Environment.MachineName}:{Environment.ProcessId}:{Guid.NewGuid().ToString("N")[..8]}");
}
