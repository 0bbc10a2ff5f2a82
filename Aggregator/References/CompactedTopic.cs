using Confluent.Kafka;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Consuming;

namespace Streaming.Aggregator.References;

/// <summary>What is made of a compacted topic. All calls come from one thread.</summary>
internal interface ICompactedTopicReader
{
    /// <summary>The topic is read from its beginning, for the first time or again after an error.</summary>
    void Begin();

    void Take(ConsumeResult<byte[], byte[]> record);

    /// <summary>Everything that the topic holds now has been read; called again whenever more has been.</summary>
    void ReachEnd(CancellationToken cancellationToken);

    /// <summary>The topic, or what is made of it, cannot be read or written now; for the log, not at every attempt.</summary>
    void Fail(int attempts, string reason);
}

/// <summary>
/// Reads a compacted topic from its beginning, all partitions, and follows it, on a thread of its own since the client's poll blocks; starts over after an error
/// that may pass. Belongs to no group.
/// </summary>
internal sealed class CompactedTopic(string topic, Func<IConsumer<byte[], byte[]>> newConsumer, ICompactedTopicReader reader)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(10);

    /// <summary>Reads until cancelled.</summary>
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
                Follow(consumer, backoff, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && (e is KafkaException || CheckpointErrors.MayPass(e)))
            {
                if (backoff.Fail())
                {
                    reader.Fail(backoff.Attempts, e.Message);
                }

                cancellationToken.WaitHandle.WaitOne(backoff.NextPause());
            }
        }
    }

    private void Follow(IConsumer<byte[], byte[]> consumer, Backoff backoff, CancellationToken cancellationToken)
    {
        var behind = Enumerable.Range(0, CountPartitions(consumer)).ToHashSet();
        consumer.Assign(behind.Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        reader.Begin();
        while (!cancellationToken.IsCancellationRequested)
        {
            var record = consumer.Consume(Poll);
            if (record is null)
            {
                continue;
            }

            if (!record.IsPartitionEOF)
            {
                reader.Take(record);
                continue;
            }

            behind.Remove(record.Partition.Value);
            if (behind.Count == 0)
            {
                reader.ReachEnd(cancellationToken);
                backoff.Reset();
            }
        }
    }

    private int CountPartitions(IConsumer<byte[], byte[]> consumer)
    {
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var described = admin.GetMetadata(topic, AskLimit).Topics.Single();
        return described.Error.IsError ? throw new KafkaException(described.Error) : described.Partitions.Count;
    }
}
