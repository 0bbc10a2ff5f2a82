using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>The offsets of one request: those that can be committed, and the answer for each.</summary>
internal sealed class OffsetsToCommit(IReadOnlyList<OffsetCommitRequest.Topic> topics, TopicStore store)
{
    /// <summary>As Kafka's offset.metadata.max.bytes.</summary>
    private const int MaxMetadataLength = 4096;

    /// <summary>Those with nothing wrong about themselves.</summary>
    public Dictionary<TopicPartition, CommittedOffset> Sound()
    {
        var offsets = new Dictionary<TopicPartition, CommittedOffset>();
        foreach (var topic in topics)
        {
            foreach (var partition in topic.Partitions.Where(p => Check(topic.Name, p) == ErrorCode.None))
            {
                offsets[new TopicPartition(topic.Name, partition.Index)] =
                    new CommittedOffset(partition.Offset, partition.LeaderEpoch, partition.Metadata);
            }
        }

        return offsets;
    }

    /// <summary>The group's error for all of them if there is one, else each one's own.</summary>
    public List<OffsetCommitResponse.Topic> Answer(ErrorCode groupError) =>
        [.. topics.Select(topic => new OffsetCommitResponse.Topic(topic.Name, [.. topic.Partitions.Select(p =>
            new OffsetCommitResponse.Partition(p.Index, groupError != ErrorCode.None ? groupError : Check(topic.Name, p)))]))];

    private ErrorCode Check(string topic, OffsetCommitRequest.Partition partition) =>
        !store.TryGetPartition(topic, partition.Index, out _) ? ErrorCode.UnknownTopicOrPartition
        : partition.Metadata?.Length > MaxMetadataLength ? ErrorCode.OffsetMetadataTooLarge
        : ErrorCode.None;
}
