using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Streaming.EndToEnd.Tests.App;

/// <summary>Whether a stage between two topics has published all that it reads. It commits offsets in the transactions that it publishes in.</summary>
internal static class StageEnd
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <summary>Whether <paramref name="group"/> has committed the ends of <paramref name="source"/>, and readers of what is committed see all of <paramref name="through"/>.</summary>
    public static async Task<bool> IsReachedAsync(string bootstrapServers, string source, string group, string through)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
        var ends = await EndsAsync(admin, source, IsolationLevel.ReadUncommitted);
        var groups = await admin.ListConsumerGroupOffsetsAsync(
            [new ConsumerGroupTopicPartitions(group, [.. ends.Keys])], new ListConsumerGroupOffsetsOptions { RequestTimeout = Timeout, RequireStableOffsets = false });
        var committed = groups.Single().Partitions.ToDictionary(found => found.TopicPartition, found => found.Offset.Value);
        if (ends.Any(end => end.Value > 0 && committed.GetValueOrDefault(end.Key) < end.Value))
        {
            return false;
        }

        var (written, readable) = (await EndsAsync(admin, through, IsolationLevel.ReadUncommitted), await EndsAsync(admin, through, IsolationLevel.ReadCommitted));
        return written.All(end => readable[end.Key] == end.Value);
    }

    private static async Task<Dictionary<TopicPartition, long>> EndsAsync(IAdminClient admin, string topic, IsolationLevel isolation)
    {
        var partitions = admin.GetMetadata(topic, Timeout).Topics.Single().Partitions;
        var answer = await admin.ListOffsetsAsync(
            partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, partition.PartitionId), OffsetSpec = OffsetSpec.Latest() }),
            new ListOffsetsOptions { RequestTimeout = Timeout, IsolationLevel = isolation });
        return answer.ResultInfos.Select(info => info.TopicPartitionOffsetError).ToDictionary(found => found.TopicPartition, found => found.Offset.Value);
    }
}
