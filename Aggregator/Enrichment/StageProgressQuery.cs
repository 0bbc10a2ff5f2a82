using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.Contracts.Kafka;

namespace Streaming.Aggregator.Enrichment;

/// <summary>How far a stage has come in one partition of its source.</summary>
/// <param name="NextOffset">What it reads next, by its last transaction; the log's start where it has no progress, or where what it would read next is gone.</param>
/// <param name="End">Where the log ended, open transactions included, before the progress was asked for.</param>
/// <param name="HasProgress">Whether the stage has ever committed anything here.</param>
internal readonly record struct StagePosition(long NextOffset, long End, bool HasProgress);

/// <summary>How far stages have come.</summary>
internal interface IStageProgressQuery
{
    /// <summary>Every partition of the source; none when there is no such topic.</summary>
    /// <exception cref="KafkaException">It cannot be known now.</exception>
    Task<IReadOnlyDictionary<int, StagePosition>> AskAsync(string source, string group, CancellationToken cancellationToken);
}

/// <summary>Asks the broker, over the connection that the process's pipelines share.</summary>
internal sealed class StageProgressQuery(AdminConnection connection) : IStageProgressQuery
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    public Task<IReadOnlyDictionary<int, StagePosition>> AskAsync(string source, string group, CancellationToken cancellationToken) =>
        connection.AskAsync((admin, ending) => AskAsync(admin, source, group, ending), cancellationToken);

    private static async Task<IReadOnlyDictionary<int, StagePosition>> AskAsync(IAdminClient admin, string source, string group, CancellationToken cancellationToken)
    {
        var partitions = await PartitionsAsync(admin, source);
        if (partitions.Count == 0)
        {
            return new Dictionary<int, StagePosition>();
        }

        // The ends first: what lay before them and is covered by the progress has been published.
        cancellationToken.ThrowIfCancellationRequested();
        var ends = await OffsetsAsync(admin, partitions, OffsetSpec.Latest());
        cancellationToken.ThrowIfCancellationRequested();
        var starts = await OffsetsAsync(admin, partitions, OffsetSpec.Earliest());
        cancellationToken.ThrowIfCancellationRequested();
        var committed = await CommittedAsync(admin, partitions, group);
        return partitions.ToDictionary(
            partition => partition.Partition.Value,
            partition => new StagePosition(Math.Max(committed[partition], starts[partition]), ends[partition], committed[partition] >= 0));
    }

    private static async Task<List<TopicPartition>> PartitionsAsync(IAdminClient admin, string topic)
    {
        try
        {
            var answer = await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = RequestTimeout });
            return answer.TopicDescriptions.Single().Partitions.ConvertAll(partition => new TopicPartition(topic, partition.Partition));
        }
        catch (DescribeTopicsException e) when (e.Results.TopicDescriptions is [{ Error.Code: ErrorCode.UnknownTopicOrPart }])
        {
            return [];
        }
    }

    private static async Task<Dictionary<TopicPartition, long>> OffsetsAsync(IAdminClient admin, List<TopicPartition> partitions, OffsetSpec spec)
    {
        // Uncommitted: what an open transaction holds back may become visible yet.
        var options = new ListOffsetsOptions { RequestTimeout = RequestTimeout, IsolationLevel = IsolationLevel.ReadUncommitted };
        var answer = await admin.ListOffsetsAsync(partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = spec }), options);
        return answer.ResultInfos.Select(info => info.TopicPartitionOffsetError).ToDictionary(
            found => found.TopicPartition, found => found.Error.IsError ? throw new KafkaException(found.Error) : found.Offset.Value);
    }

    /// <summary>A negative number where nothing is committed. A commit in a transaction that is not over yet does not count.</summary>
    private static async Task<Dictionary<TopicPartition, long>> CommittedAsync(IAdminClient admin, List<TopicPartition> partitions, string group)
    {
        var answer = await admin.ListConsumerGroupOffsetsAsync(
            [new ConsumerGroupTopicPartitions(group, partitions)], new ListConsumerGroupOffsetsOptions { RequestTimeout = RequestTimeout, RequireStableOffsets = false });
        var committed = answer.Single().Partitions.ToDictionary(
            found => found.TopicPartition, found => found.Error.IsError ? throw new KafkaException(found.Error) : found.Offset.Value);
        return partitions.ToDictionary(partition => partition, partition => committed.GetValueOrDefault(partition, Offset.Unset.Value));
    }
}
