using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Takes members' signs of life.</summary>
internal sealed class HeartbeatHandler(GroupCoordinator groups) : RequestHandler<HeartbeatRequest>
{
    protected override async ValueTask<IResponse?> HandleAsync(HeartbeatRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var answer = await groups.AskAsync<GroupAnswer.Beaten>(
            request.GroupId, ticket => new GroupInput.Heartbeat(ticket, request.MemberId, request.GroupInstanceId, request.Generation), cancellationToken)
            .ConfigureAwait(false);
        return new HeartbeatResponse(answer.Error);
    }
}
