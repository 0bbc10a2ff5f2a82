using Confluent.Kafka;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.References;
using Streaming.Aggregator.Startup;
using Streaming.Aggregator.Telemetry;
using Streaming.Contracts;
using Streaming.Contracts.Kafka;

namespace Streaming.Aggregator.Enrichment;

/// <summary>Runs the stage of one pipeline in this process: the reference table, if it has one, then the loop, begun again after every error that may pass.</summary>
internal sealed class EnrichmentRunner(EnrichmentDefinition stage, PipelineServices services)
{
    private readonly ILogger _logger = services.Logger;
    private readonly ConsumptionStatus _status = services.Health.Of($"{stage.Pipeline} (enrichment)");
    private readonly StageProgressTable _progress = new(services.Database, stage.Pipeline, services.Instance.Name, services.Logger);

    private string Name => $"{stage.Pipeline} (enrichment)";

    /// <summary>Runs until cancelled; whatever the broker refuses is said, shown in the health, and tried again.</summary>
    /// <exception cref="KafkaException">A topic can neither be found nor created.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        // Before a producer could make the broker create one of them in its own way.
        await KafkaTopics.EnsureAsync(AggregatorConnections.ProducerConfig(services.Configuration), [.. stage.OwnTopics], _logger, stopping);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var table = stage.Reference?.CreateTable();
        List<Task> parts =
        [
            Task.Factory.StartNew(() => Run(table, ending.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default),
            _progress.RunAsync(ending.Token),
        ];
        if (table is not null)
        {
            parts.Add(FollowAsync(stage.Reference!.Topic.Name, table, ending.Token));
        }

        _status.Started();
        await Task.WhenAny(parts);
        await ending.CancelAsync();
        await Task.WhenAll(parts);
    }

    private Task FollowAsync(string topic, ReferenceTable table, CancellationToken stopping) => new CompactedTopic(
        topic, () => NewConsumer(AggregatorConnections.ReferenceConsumerConfig(services.Configuration)).Build(),
        new ReferenceReader(topic, table, _logger)).RunAsync(stopping);

    private void Run(ReferenceTable? table, CancellationToken stopping)
    {
        var backoff = new Backoff();
        try
        {
            if (table is not null)
            {
                services.Health.DoesNotRun(Name, $"reading the reference topic '{stage.Reference!.Topic.Name}'");
                table.Loaded.Wait(stopping);
            }

            services.Health.Runs(Name);
            while (!stopping.IsCancellationRequested)
            {
                RunOnce(table, backoff, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The end.
        }
    }

    private void RunOnce(ReferenceTable? table, Backoff backoff, CancellationToken stopping)
    {
        var gaps = new SourceGaps(stage.Pipeline, _status, _logger);
        try
        {
            var settings = services.Options;
            var loop = new EnrichmentLoop(stage, stage.CreateEnricher(table), gaps, counts => Committed(counts, backoff), settings, services.Telemetry, services.Time, _logger) { Schemas = services.Schemas };
            var id = $"streaming-enrich-{settings.GroupPrefix}{stage.Pipeline}-{Guid.NewGuid():N}";
            using var producer = new EnrichmentProducer(AggregatorConnections.ProducerConfig(services.Configuration), id, LargestMessage, _logger, stopping);
            using var consumer = NewConsumer(ConsumerConfig(settings))
                .SetPartitionsRevokedHandler((it, partitions) => loop.Revoked(it, [.. partitions.Select(partition => partition.TopicPartition)], producer))
                .SetPartitionsLostHandler((_, _) => loop.Lost())
                .Build();
            consumer.Subscribe(stage.Source.Name);
            Run(loop, consumer, producer, stopping);
        }
        catch (KafkaException e)
        {
            _status.CheckpointFails(e.Error.Reason);
            if (backoff.Fail())
            {
                AggregatorLog.EnrichmentFails(_logger, stage.Pipeline, backoff.Attempts, e.Error.Reason);
            }

            gaps.Forget();
            stopping.WaitHandle.WaitOne(backoff.NextPause());
        }
    }

    private void Committed(StageCounts counts, Backoff backoff)
    {
        _progress.Add(counts);
        _status.CheckpointsGoThrough();
        backoff.Reset();
    }

    private void Run(EnrichmentLoop loop, IConsumer<byte[], byte[]> consumer, EnrichmentProducer producer, CancellationToken stopping)
    {
        AggregatorLog.StageRuns(_logger, stage.Pipeline, stage.Source.Name, stage.Through.Name, stage.Reference?.Topic.Name ?? "no other");
        try
        {
            loop.Run(consumer, producer, stopping);
        }
        finally
        {
            // Leaves the group at once, so that nobody waits for the session's timeout.
            consumer.Close();
        }
    }

    /// <summary>
    /// Progress lies in the group, written by the transactions alone. A group without progress begins at the log's start; that progress which lies outside of the
    /// log is no silent jump, <see cref="SourceGaps"/> looks after.
    /// </summary>
    private ConsumerConfig ConsumerConfig(AggregatorOptions settings)
    {
        var config = AggregatorConnections.ConsumerConfig(services.Configuration);
        PipelineConsumer.JoinGroup(config, settings, StagesBefore.GroupOf(settings, stage.Pipeline));
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        config.EnablePartitionEof = true;
        config.EnableAutoCommit = false;
        return config;
    }

    private ConsumerBuilder<byte[], byte[]> NewConsumer(ConsumerConfig config) => new ConsumerBuilder<byte[], byte[]>(config)
        .SetErrorHandler((_, error) => AggregatorLog.ClientSays(_logger, error.Reason))
        .SetLogHandler((_, line) => AggregatorLog.ClientSays(_logger, line.Message));

    private int LargestMessage => Math.Max(stage.Through.MaxMessageBytes, stage.DeadLetter.MaxMessageBytes) + 4096;
}
