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
    protected override ValueTask<IResponse?> HandleAsync(OffsetCommitRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var offsets = new OffsetsToCommit(request.Topics, store);
        var error = request.GroupId.Length == 0 ? ErrorCode.InvalidGroupId : Commit(request, offsets.Sound());
        return Answer(new OffsetCommitResponse(offsets.Answer(error)));
    }

    private ErrorCode Commit(OffsetCommitRequest request, Dictionary<TopicPartition, CommittedOffset> offsets)
    {
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
}
