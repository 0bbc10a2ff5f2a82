using Microsoft.Extensions.Logging;
using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Keeps offsets for groups; they are durable when it answers.</summary>
internal sealed class OffsetCommitHandler(GroupCoordinator groups, TopicStore store, ILogger<OffsetCommitHandler> logger)
    : RequestHandler<OffsetCommitRequest>
{
    /// <summary>As Kafka's offset.metadata.max.bytes.</summary>
    private const int MaxMetadataLength = 4096;

    protected override ValueTask<IResponse?> HandleAsync(OffsetCommitRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var error = request.GroupId.Length == 0 ? ErrorCode.InvalidGroupId : Commit(request);
        return Answer(new OffsetCommitResponse([.. request.Topics.Select(topic => new OffsetCommitResponse.Topic(
            topic.Name, [.. topic.Partitions.Select(p => new OffsetCommitResponse.Partition(p.Index, Check(topic.Name, p, error)))]))]));
    }

    private ErrorCode Commit(OffsetCommitRequest request)
    {
        var offsets = new Dictionary<TopicPartition, CommittedOffset>();
        foreach (var topic in request.Topics)
        {
            foreach (var partition in topic.Partitions.Where(p => Check(topic.Name, p, ErrorCode.None) == ErrorCode.None))
            {
                offsets[new TopicPartition(topic.Name, partition.Index)] =
                    new CommittedOffset(partition.Offset, partition.LeaderEpoch, partition.Metadata);
            }
        }

        try
        {
            return groups.Commit(request.GroupId, new MemberIdentity(request.MemberId, request.GroupInstanceId), request.Generation, offsets);
        }
        catch (Exception error) when (error.IsDiskTrouble())
        {
            // Clients ask the coordinator again after this one; they know no storage error here.
            Log.OffsetsRefused(logger, request.GroupId, error);
            return ErrorCode.CoordinatorNotAvailable;
        }
    }

    /// <summary>The group's error if there is one, else the partition's own.</summary>
    private ErrorCode Check(string topic, OffsetCommitRequest.Partition partition, ErrorCode groupError) =>
        groupError != ErrorCode.None ? groupError
        : !store.TryGetPartition(topic, partition.Index, out _) ? ErrorCode.UnknownTopicOrPartition
        : partition.Metadata?.Length > MaxMetadataLength ? ErrorCode.OffsetMetadataTooLarge
        : ErrorCode.None;
}
