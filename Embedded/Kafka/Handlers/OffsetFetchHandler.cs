using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Tells groups' committed offsets.</summary>
internal sealed class OffsetFetchHandler(GroupCoordinator groups) : RequestHandler<OffsetFetchRequest>
{
    protected override ValueTask<IResponse?> HandleAsync(OffsetFetchRequest request, RequestContext context, CancellationToken cancellationToken) =>
        Answer(new OffsetFetchResponse([.. request.Groups.Select(group => Fetch(group, request.RequireStable))]));

    private OffsetFetchResponse.Group Fetch(OffsetFetchRequest.Group group, bool requireStable)
    {
        var (offsets, pending) = groups.OffsetsAndPending(group.GroupId);
        var unstable = requireStable ? pending : [];
        var asked = group.Topics ?? [.. offsets.Keys.Union(unstable).GroupBy(static p => p.Topic, StringComparer.Ordinal)
            .Select(static t => new OffsetFetchRequest.Topic(t.Key, [.. t.Select(static p => p.Partition)]))];
        return new OffsetFetchResponse.Group(group.GroupId, ErrorCode.None, [.. asked.Select(topic =>
            new OffsetFetchResponse.Topic(topic.Name, [.. topic.Partitions.Select(index => Find(offsets, unstable, new TopicPartition(topic.Name, index)))]))]);
    }

    /// <summary>Where a transaction is about to commit, nobody knows yet where the group goes on: clients ask again (KIP-447).</summary>
    private static OffsetFetchResponse.Partition Find(
        Dictionary<TopicPartition, CommittedOffset> offsets, HashSet<TopicPartition> unstable, TopicPartition partition) =>
        unstable.Contains(partition) ? new OffsetFetchResponse.Partition(partition.Partition, Error: ErrorCode.UnstableOffsetCommit)
        : offsets.TryGetValue(partition, out var found)
            ? new OffsetFetchResponse.Partition(partition.Partition, found.NextOffset, found.LeaderEpoch, found.Metadata ?? "")
        : new OffsetFetchResponse.Partition(partition.Partition);
}
