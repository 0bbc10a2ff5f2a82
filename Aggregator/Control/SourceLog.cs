using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.Aggregator.Consuming;
using Streaming.Contracts.Kafka;

namespace Streaming.Aggregator.Control;

/// <summary>A source topic as the broker has it now.</summary>
/// <param name="Id">The topic's id.</param>
/// <param name="Partitions">The numbers of its partitions.</param>
internal sealed record SourceTopicNow(Guid Id, IReadOnlyList<int> Partitions);

/// <summary>What one partition's log holds.</summary>
/// <param name="Start">Its first offset.</param>
/// <param name="End">The offset after the last one that a consumer of committed records can reach.</param>
internal readonly record struct LogRange(long Start, long End);

/// <summary>Asks the broker about source topics.</summary>
internal sealed class SourceLog(AdminConnection connection)
{
    private const string TimestampType = "message.timestamp.type";
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The topic; null when there is none.</summary>
    /// <exception cref="KafkaException">The broker is away or refuses.</exception>
    public async Task<SourceTopicNow?> FindAsync(string topic, CancellationToken cancellationToken)
    {
        var id = await new TopicIdentity(connection).FindAsync(topic, cancellationToken);
        if (id is null)
        {
            return null;
        }

        var options = new DescribeTopicsOptions { RequestTimeout = RequestTimeout };
        var result = await connection.AskAsync((admin, _) => admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]), options), cancellationToken);
        return new SourceTopicNow(id.Value, [.. result.TopicDescriptions.Single().Partitions.Select(partition => partition.Partition).Order()]);
    }

    /// <summary>What each partition's log holds.</summary>
    /// <exception cref="KafkaException">The broker is away or refuses.</exception>
    public async Task<IReadOnlyDictionary<int, LogRange>> RangesAsync(string topic, IReadOnlyList<int> partitions, CancellationToken cancellationToken)
    {
        var starts = await ListAsync(topic, partitions, OffsetSpec.Earliest(), cancellationToken);
        var ends = await ListAsync(topic, partitions, OffsetSpec.Latest(), cancellationToken);
        return partitions.ToDictionary(partition => partition, partition => new LogRange(starts[partition].Offset, ends[partition].Offset));
    }

    /// <summary>The first record of each partition whose timestamp is not before an instant: offset (negative when there is none) and timestamp.</summary>
    /// <exception cref="KafkaException">The broker is away or refuses.</exception>
    public Task<IReadOnlyDictionary<int, (long Offset, long TimestampMs)>> FirstSinceAsync(
        string topic, IReadOnlyList<int> partitions, long instantMs, CancellationToken cancellationToken) =>
        ListAsync(topic, partitions, OffsetSpec.ForTimestamp(Math.Max(0, instantMs)), cancellationToken);

    /// <summary>Whether the broker sets the records' timestamps. A broker that does not say so is taken at its worst.</summary>
    public async Task<bool> IsAppendTimeAsync(string topic, CancellationToken cancellationToken)
    {
        try
        {
            var resource = new ConfigResource { Type = ResourceType.Topic, Name = topic };
            var options = new DescribeConfigsOptions { RequestTimeout = RequestTimeout };
            var results = await connection.AskAsync((admin, _) => admin.DescribeConfigsAsync([resource], options), cancellationToken);
            return results.Single().Entries.TryGetValue(TimestampType, out var entry) && entry.Value == "LogAppendTime";
        }
        catch (DescribeConfigsException)
        {
            return false;
        }
    }

    private async Task<IReadOnlyDictionary<int, (long Offset, long TimestampMs)>> ListAsync(
        string topic, IReadOnlyList<int> partitions, OffsetSpec spec, CancellationToken cancellationToken)
    {
        // What a consumer of committed records can reach: the last stable offset, not the high watermark.
        var options = new ListOffsetsOptions { RequestTimeout = RequestTimeout, IsolationLevel = IsolationLevel.ReadCommitted };
        var specs = partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, partition), OffsetSpec = spec });
        var answer = await connection.AskAsync((admin, _) => admin.ListOffsetsAsync(specs, options), cancellationToken);
        return answer.ResultInfos.ToDictionary(
            info => info.TopicPartitionOffsetError.Partition.Value,
            info => info.TopicPartitionOffsetError is { Error.IsError: true } failed
                ? throw new KafkaException(failed.Error)
                : (info.TopicPartitionOffsetError.Offset.Value, info.Timestamp));
    }
}
