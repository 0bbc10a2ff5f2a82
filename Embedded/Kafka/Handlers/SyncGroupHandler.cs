using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Hands out assignments. Answers when the leader's has come.</summary>
internal sealed class SyncGroupHandler(GroupCoordinator groups) : RequestHandler<SyncGroupRequest>
{
    protected override async ValueTask<IResponse?> HandleAsync(SyncGroupRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var assignments = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var assignment in request.Assignments)
        {
            assignments[assignment.MemberId] = assignment.Bytes;
        }

        var answer = await groups.AskAsync<GroupAnswer.Synced>(
            request.GroupId,
            ticket => new GroupInput.Sync(
                ticket, request.MemberId, request.GroupInstanceId, request.Generation, request.ProtocolType, request.ProtocolName, assignments),
            cancellationToken).ConfigureAwait(false);
        return new SyncGroupResponse(answer.Error, answer.ProtocolType, answer.ProtocolName, answer.Assignment);
    }
}
