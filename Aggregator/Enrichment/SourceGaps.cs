using Confluent.Kafka;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Outbox;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Enrichment;

/// <summary>
/// Notices when retention was faster than a stage: records between its progress and the log's start are gone. Such a partition stops, the others go on, until an
/// administrator sets the group's offset. Consumer's thread only.
/// </summary>
internal sealed class SourceGaps(string pipeline, ConsumptionStatus status, ILogger logger)
{
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(10);

    private readonly Dictionary<TopicPartition, long> _expected = [];
    private readonly HashSet<TopicPartition> _stopped = [];

    /// <summary>Whether to take in what has arrived, a record or the log's end. Not when records before it are missing: its partition is silent from then on.</summary>
    /// <param name="consumer">The client.</param>
    /// <param name="arrived">What has arrived.</param>
    /// <param name="leapt">Whether there is a hole before it.</param>
    /// <param name="stopping">Gives up.</param>
    /// <exception cref="KafkaException">The broker is away or refuses.</exception>
    public bool Allow(IConsumer<byte[], byte[]> consumer, ConsumeResult<byte[], byte[]> arrived, out bool leapt, CancellationToken stopping)
    {
        var (partition, offset) = (arrived.TopicPartition, arrived.Offset.Value);
        leapt = false;
        if (_stopped.Contains(partition))
        {
            return false;
        }

        // A group without progress begins wherever the log does.
        var expected = _expected.TryGetValue(partition, out var known) ? known : Committed(consumer, partition, stopping) ?? offset;
        leapt = offset > expected;

        // Transaction markers and compaction leave holes too, but the log begins before those.
        if (leapt && consumer.QueryWatermarkOffsets(partition, AskLimit).Low is var start && start.Value > expected)
        {
            Stop(consumer, partition, expected, start.Value);
            return false;
        }

        _expected[partition] = arrived.IsPartitionEOF ? offset : offset + 1;
        return true;
    }

    /// <summary>The partitions are another instance's now.</summary>
    public void Forget(IConsumer<byte[], byte[]> consumer, IReadOnlyList<TopicPartition> partitions)
    {
        foreach (var partition in partitions)
        {
            _expected.Remove(partition);
        }

        var stopped = partitions.Where(_stopped.Remove).ToList();
        stopped.ForEach(partition => status.PartitionGoesOn(partition.Partition.Value));
        if (stopped.Count > 0)
        {
            consumer.Resume(stopped);
        }
    }

    /// <summary>The client is thrown away; the next one looks anew.</summary>
    public void Forget()
    {
        foreach (var partition in _stopped)
        {
            status.PartitionGoesOn(partition.Partition.Value);
        }

        _stopped.Clear();
        _expected.Clear();
    }

    /// <summary>The broker gives no answer while the transaction of a former owner is open, perhaps for as long as its timeout: asked in slices, so that a stop is heard.</summary>
    private static long? Committed(IConsumer<byte[], byte[]> consumer, TopicPartition partition, CancellationToken stopping)
    {
        var committed = Offset.Unset;
        RelayProducer.Repeat(slice => committed = consumer.Committed([partition], slice).Single().Offset, AskLimit, stopping);
        return committed.IsSpecial ? null : committed.Value;
    }

    private void Stop(IConsumer<byte[], byte[]> consumer, TopicPartition partition, long expected, long start)
    {
        _stopped.Add(partition);
        consumer.Pause([partition]);
        status.PartitionStopped(partition.Partition.Value, $"progress {expected} is before the log's start {start}");
        AggregatorLog.SourceGap(logger, pipeline, partition.Topic, partition.Partition.Value, expected, start);
    }
}
