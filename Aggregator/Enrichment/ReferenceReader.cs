using Confluent.Kafka;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Enrichment;

/// <summary>Fills a <see cref="ReferenceTable"/> from its compacted topic and keeps it up to date, on a thread of its own; starts over after an error.</summary>
internal sealed class ReferenceReader(
    string topic, ReferenceTable table, Func<IConsumer<byte[], byte[]>> newConsumer, ILogger logger)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(10);

    public Task RunAsync(CancellationToken cancellationToken) => Task.Factory.StartNew(
        () => Run(cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken cancellationToken)
    {
        var backoff = new Backoff();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var consumer = newConsumer();
                Read(consumer, backoff, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (KafkaException e)
            {
                if (backoff.Fail())
                {
                    AggregatorLog.ReferenceFails(logger, topic, backoff.Attempts, e.Error.Reason);
                }

                cancellationToken.WaitHandle.WaitOne(backoff.NextPause());
            }
        }
    }

    private void Read(IConsumer<byte[], byte[]> consumer, Backoff backoff, CancellationToken cancellationToken)
    {
        var behind = Enumerable.Range(0, CountPartitions(consumer)).ToHashSet();
        table.BeginLoad();
        consumer.Assign(behind.Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        while (!cancellationToken.IsCancellationRequested)
        {
            var record = consumer.Consume(Poll);
            if (record is null)
            {
                continue;
            }

            if (!record.IsPartitionEOF)
            {
                Apply(record);
            }
            else if (behind.Remove(record.Partition.Value) && behind.Count == 0)
            {
                backoff.Reset();
                table.EndLoad();
                AggregatorLog.ReferenceLoaded(logger, topic, table.Count);
            }
        }
    }

    private int CountPartitions(IConsumer<byte[], byte[]> consumer)
    {
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var described = admin.GetMetadata(topic, AskLimit).Topics.Single();
        return described.Error.IsError ? throw new KafkaException(described.Error) : described.Partitions.Count;
    }

    private void Apply(ConsumeResult<byte[], byte[]> record)
    {
        if (record.Message.Key is not { Length: > 0 } key)
        {
            AggregatorLog.BadReference(logger, record.Offset.Value, topic, "it has no key");
        }
        else if (!table.TryApply(key, record.Message.Value is { Length: > 0 } value ? value : null, out var problem))
        {
            AggregatorLog.BadReference(logger, record.Offset.Value, topic, problem ?? "");
        }
    }
}
