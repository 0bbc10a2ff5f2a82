using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Tells groups' committed offsets.</summary>
internal sealed class OffsetFetchHandler(GroupCoordinator groups) : RequestHandler<OffsetFetchRequest>
{
    protected override ValueTask<IResponse?> HandleAsync(OffsetFetchRequest request, RequestContext context, CancellationToken cancellationToken) =>
        Answer(new OffsetFetchResponse([.. request.Groups.Select(Fetch)]));

    private OffsetFetchResponse.Group Fetch(OffsetFetchRequest.Group group)
    {
        var offsets = groups.Offsets(group.GroupId);
        var asked = group.Topics ?? [.. offsets.Keys.GroupBy(static p => p.Topic, StringComparer.Ordinal)
            .Select(static t => new OffsetFetchRequest.Topic(t.Key, [.. t.Select(static p => p.Partition)]))];
        return new OffsetFetchResponse.Group(group.GroupId, ErrorCode.None, [.. asked.Select(topic =>
            new OffsetFetchResponse.Topic(topic.Name, [.. topic.Partitions.Select(index => Find(offsets, topic.Name, index))]))]);
    }

    private static OffsetFetchResponse.Partition Find(Dictionary<TopicPartition, CommittedOffset> offsets, string topic, int index) =>
        offsets.TryGetValue(new TopicPartition(topic, index), out var found)
            ? new OffsetFetchResponse.Partition(index, found.NextOffset, found.LeaderEpoch, found.Metadata ?? "")
            : new OffsetFetchResponse.Partition(index);
}
