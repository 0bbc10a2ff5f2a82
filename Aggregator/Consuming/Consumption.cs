using Confluent.Kafka;
using Npgsql;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Enrichment;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.References;
using Streaming.Aggregator.Schemas;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Consuming;

/// <summary>What consuming needs from outside.</summary>
internal sealed record ConsumptionParts(
    PipelineDefinition Pipeline,
    int Generation,
    AggregatorOptions Options,
    NpgsqlDataSource Database,
    string Owner,
    ITopicIdentity Topics,
    ILogEnds LogEnds,
    KnownKeys Known,
    IOutboxDepth Outbox,
    ConsumptionStatus Status,
    StateBudget Budget,
    AggregatorTelemetry Telemetry,
    TimeProvider Time,
    ILogger Logger)
{
    /// <summary>The generation that this one follows until it has taken over; null for the first.</summary>
    public int? Former { get; init; }

    /// <summary>Of windows that start before it nothing is sent; null: of every window.</summary>
    public DateTimeOffset? CoversFrom { get; init; }

    /// <summary>How far the stages are that publish topics; null where there are none.</summary>
    public IStagesBefore? Stages { get; init; }

    /// <summary>The consumer group, for spans.</summary>
    public string Group { get; init; } = Pipeline.Name;

    /// <summary>What is known of the registry's schemas; null where no registry is configured.</summary>
    public SchemaDirectory? Schemas { get; init; }
}

/// <summary>Puts the consumer's loop together and gives it a thread of its own.</summary>
internal sealed class Consumption(ConsumptionParts parts, RebalanceHandlers rebalances) : IAsyncDisposable
{
    private readonly CheckpointStore _store = new(parts.Database, parts.Owner) { HasWebhook = parts.Options.Webhook.IsConfigured };
    private readonly CancellationTokenSource _background = new();

    /// <summary>Completes when the thread has ended; fails with what ended it.</summary>
    public Task RunAsync(IConsumer<byte[], byte[]> consumer, CancellationToken stopping)
    {
        var mailbox = new Mailbox();
        var loop = CreateLoop(mailbox, consumer.Name);
        rebalances.Handler = loop;
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Run(() => loop.Run(consumer, stopping), mailbox, ended)) { Name = $"consume {parts.Pipeline.Name}", IsBackground = true };
        thread.Start();
        return ended.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _background.Dispose();
        await _store.DisposeAsync();
    }

    private void Run(Action loop, Mailbox mailbox, TaskCompletionSource ended)
    {
        try
        {
            try
            {
                loop();
            }
            finally
            {
                _background.Cancel();
                mailbox.WaitForAll();
            }

            ended.SetResult();
        }
        catch (Exception e)
        {
            ended.SetException(e);
        }
    }

    private ConsumerLoop CreateLoop(Mailbox mailbox, string client)
    {
        var p = parts;
        var logEnds = p.LogEnds;
        var claims = new ClaimStore(p.Database, p.Owner) { LockLimit = p.Options.ClaimLockLimit, MaxRowBytes = p.Budget.MaxClaimBytes, Logger = p.Logger };
        var claimer = new PartitionClaimer(p.Pipeline, p.Generation, claims, p.Topics, logEnds, p.Logger);
        var assignments = new Assignments(p.Pipeline, p.Options, claimer, p.Known, p.Status, mailbox, p.Time, p.Logger) { CoversFrom = p.CoversFrom, Schemas = p.Schemas };
        var checkpointer = new Checkpointer(_store, p.Topics, p.Telemetry, p.Status, p.Logger) { Source = (p.Group, client) };
        var checkpoints = new CheckpointCycle(
            p.Pipeline, p.Options, assignments, checkpointer, new Recall(p.Pipeline, new RecallStore(p.Database), p.Telemetry, p.Logger), p.Budget, mailbox, p.Time, p.Logger, _background.Token);
        var backPressure = new BackPressure(p.Options, assignments, p.Budget, p.Outbox, p.Status, p.Logger);
        var idleWatch = new IdleWatch(p.Pipeline, p.Options, logEnds, p.Stages, mailbox, p.Time, p.Logger);
        var trails = p.Former is { } former ? new TrailStore(p.Database, p.Pipeline.Name, p.Generation, former) : null;
        var following = new Following(trails, assignments, mailbox, p.Time, p.Logger, _background.Token);
        var schemaWaits = new SchemaWaits(p.Schemas, assignments, p.Status, p.Logger);
        return new ConsumerLoop(p.Pipeline, p.Generation, assignments, checkpoints, backPressure, idleWatch, following, schemaWaits, mailbox, p.Status, p.Telemetry, p.Time, p.Logger);
    }
}
