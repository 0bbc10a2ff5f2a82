using Confluent.Kafka;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Control;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Startup;

/// <summary>Reads one generation of a pipeline in this process: its own consumer, group and thread.</summary>
internal sealed class GenerationRunner(PipelineDefinition pipeline, GenerationToRun generation, PipelineServices services, IOutboxDepth outbox)
{
    private readonly ILogger _logger = services.Logger;
    private readonly string _label = generation.Former is null ? pipeline.Name : $"{pipeline.Name} (generation {generation.Number})";

    /// <summary>Reads until cancelled, then takes a last checkpoint and leaves the group.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        // The caller goes on while librdkafka's client is made.
        await Task.Yield();
        var rebalances = new RebalanceHandlers();
        var group = PipelineConsumer.GroupOf(services.Options, pipeline.Name, generation.Number);
        try
        {
            using var consumer = PipelineConsumer.Create(
                services.Configuration, services.Options, group, rebalances, () => services.Telemetry.ConnectionLost(pipeline.Name, generation.Number), _logger);
            var identity = new TopicIdentity(services.Admin);
            await WaitForSourceAsync(identity, stoppingToken);
            await ConsumeAsync(consumer, group, rebalances, identity, new LogEnds(services.Admin), stoppingToken);
        }
        finally
        {
            services.Health.Forget(_label);
            services.Telemetry.Hide(pipeline.Name, generation.Number);
        }
    }

    private async Task ConsumeAsync(
        IConsumer<byte[], byte[]> consumer, string group, RebalanceHandlers rebalances, TopicIdentity identity, LogEnds logEnds, CancellationToken stoppingToken)
    {
        var status = services.Health.Of(_label);
        await using var consumption = new Consumption(
            new(pipeline, generation.Number, services.Options, services.Database, services.Instance.Name, identity, logEnds, services.Known, Outbox, status,
                services.Budget, services.Telemetry, services.Time, _logger)
            {
                Former = generation.Former,
                Stages = services.Stages,
                Group = group,
                Schemas = services.Schemas,
                CoversFrom = generation.CoversFrom is { } from ? new DateTimeOffset(from) : null,
            }, rebalances);
        status.Started();
        await consumption.RunAsync(consumer, stoppingToken);
    }

    // A replay pauses at half of the bound, so that it does not bring the active generation to a halt with what it sends.
    private IOutboxDepth Outbox => generation.Former is null ? outbox : new DoubledDepth(outbox);

    /// <summary>Waits for the source topic, if it is somebody else's, and refuses a broker without topic ids at once, instead of at the first checkpoint.</summary>
    private async Task WaitForSourceAsync(TopicIdentity identity, CancellationToken cancellationToken)
    {
        var status = services.Health.Of(_label);
        var backoff = new Backoff();
        while (true)
        {
            try
            {
                if (await identity.FindAsync(pipeline.Source.Name, cancellationToken) is not null)
                {
                    status.WaitsNoMore();
                    return;
                }

                status.Waits($"waiting for the topic '{pipeline.Source.Name}'");
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

    private sealed class DoubledDepth(IOutboxDepth depth) : IOutboxDepth
    {
        public int Rows => (int)Math.Min(int.MaxValue, 2L * depth.Rows);
    }
}
