using System.Diagnostics;
using Confluent.Kafka;
using Streaming.Cluster;
using Streaming.Cluster.Messages;
using Streaming.Cluster.Reading;

namespace Streaming.Topics.Consuming;

/// <summary>Reads a topic until its plan says that it is over: partitions by hand, or as a member of a group.</summary>
internal sealed class Consumption(ClusterConnection cluster, ConsumePlan plan, Func<ConsumeResult<byte[]?, byte[]?>, CancellationToken, ValueTask> print, Action flush, Action<string> tell)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<TopicPartition, long> _open = [];

    /// <summary>How many records were printed.</summary>
    public long Count { get; private set; }

    /// <exception cref="ClusterException">No such topic or partition, or the cluster cannot be reached or refuses.</exception>
    public async Task<ConsumeEnd> RunAsync(CancellationToken cancellationToken)
    {
        var reader = new TopicReader(cluster);
        var topic = await reader.GetAsync(plan.Topic, cancellationToken).ConfigureAwait(false);
        List<TopicPartition> partitions = [.. topic.Partitions.Where(p => plan.Partition is null || plan.Partition == p.Partition).Select(p => new TopicPartition(topic.Name, p.Partition))];
        if (partitions.Count == 0)
        {
            throw new UsageException($"--partition {plan.Partition}: topic '{topic.Name}' has {topic.Partitions.Length} partitions, from 0.");
        }

        var starts = await StartPositions.FindAsync(reader, partitions, plan.From, plan.Isolation, cancellationToken).ConfigureAwait(false);
        using var consumer = Build();
        return await Task.Run(() => ReadAsync(consumer, partitions, starts, cancellationToken), CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<ConsumeEnd> ReadAsync(
        IConsumer<byte[]?, byte[]?> consumer, List<TopicPartition> partitions, Dictionary<TopicPartition, (long Start, LogBounds Bounds)> starts, CancellationToken cancellationToken)
    {
        if (plan.UntilEnd)
        {
            foreach (var (partition, (start, bounds)) in starts.Where(pair => plan.Group is not null || pair.Value.Start < pair.Value.Bounds.End))
            {
                _open[partition] = bounds.End;
            }
        }

        if (plan.Group is not null)
        {
            consumer.Subscribe(plan.Topic);
        }
        else
        {
            consumer.Assign(partitions.Where(starts.ContainsKey).Select(partition => new TopicPartitionOffset(partition, starts[partition].Start)));
        }

        try
        {
            return await FollowAsync(consumer, cancellationToken).ConfigureAwait(false);
        }
        catch (ConsumeException exception)
        {
            throw new ClusterException(ClusterFailure.Refused, $"Read topic '{plan.Topic}': {exception.Error.Reason}", exception);
        }
        finally
        {
            flush();
            consumer.Close();
        }
    }

    private async Task<ConsumeEnd> FollowAsync(IConsumer<byte[]?, byte[]?> consumer, CancellationToken cancellationToken)
    {
        for (var last = Stopwatch.GetTimestamp(); !cancellationToken.IsCancellationRequested;)
        {
            if (plan.Max <= Count)
            {
                return ConsumeEnd.Max;
            }

            if (plan.UntilEnd && _open.Count == 0)
            {
                return ConsumeEnd.End;
            }

            if (Next(consumer) is not { } record)
            {
                if (Stopwatch.GetElapsedTime(last) >= plan.Timeout)
                {
                    return ConsumeEnd.Timeout;
                }

                continue;
            }

            if (await TakeAsync(consumer, record, cancellationToken).ConfigureAwait(false))
            {
                last = Stopwatch.GetTimestamp();
            }
        }

        return ConsumeEnd.Cancelled;
    }

    /// <summary>The next event; what was printed is flushed when there is none at once.</summary>
    private ConsumeResult<byte[]?, byte[]?>? Next(IConsumer<byte[]?, byte[]?> consumer)
    {
        if (consumer.Consume(TimeSpan.Zero) is { } ready)
        {
            return ready;
        }

        flush();
        return consumer.Consume(Poll);
    }

    /// <returns>Whether it was a record.</returns>
    private async Task<bool> TakeAsync(IConsumer<byte[]?, byte[]?> consumer, ConsumeResult<byte[]?, byte[]?> record, CancellationToken cancellationToken)
    {
        var isBeyond = plan.UntilEnd && (!_open.TryGetValue(record.TopicPartition, out var end) || (!record.IsPartitionEOF && record.Offset.Value >= end));
        if (!record.IsPartitionEOF && !isBeyond)
        {
            await print(record, cancellationToken).ConfigureAwait(false);
            Count++;
            if (plan.Group is not null)
            {
                // Only what was printed is committed.
                consumer.StoreOffset(record);
            }
        }

        if (record.IsPartitionEOF || isBeyond || (_open.TryGetValue(record.TopicPartition, out var bound) && record.Offset.Value + 1 >= bound))
        {
            _open.Remove(record.TopicPartition);
        }

        return !record.IsPartitionEOF;
    }

    private IConsumer<byte[]?, byte[]?> Build()
    {
        var settings = new ConsumerConfig(cluster.Settings.ToDictionary(pair => pair.Key, pair => pair.Value))
        {
            GroupId = plan.Group ?? "topics-look",
            EnableAutoCommit = plan.Group is not null,
            EnableAutoOffsetStore = false,
            EnablePartitionEof = true,
            AllowAutoCreateTopics = false,
            AutoOffsetReset = plan.From is ReadFrom.Beginning ? AutoOffsetReset.Earliest : AutoOffsetReset.Latest,
            IsolationLevel = plan.Isolation,
            FetchWaitMaxMs = 100,
            FetchQueueBackoffMs = 1,
        };
        try
        {
            return new ConsumerBuilder<byte[]?, byte[]?>(settings).SetLogHandler((_, _) => { }).SetErrorHandler((_, error) => Heard(error)).Build();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            throw new ClusterException(ClusterFailure.Invalid, "The consumer's settings cannot be used together with these options.", exception);
        }
    }

    private void Heard(Error error)
    {
        if (error.IsFatal || error.Code is ErrorCode.Local_AllBrokersDown or ErrorCode.GroupAuthorizationFailed or ErrorCode.TopicAuthorizationFailed)
        {
            tell($"{error.Reason}{(error.IsFatal ? "" : "; trying again")}");
        }
    }
}
