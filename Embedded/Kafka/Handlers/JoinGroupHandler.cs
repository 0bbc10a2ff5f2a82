using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Takes members into groups. Answers when the rebalance is complete.</summary>
internal sealed class JoinGroupHandler(GroupCoordinator groups) : RequestHandler<JoinGroupRequest>
{
    protected override async ValueTask<IResponse?> HandleAsync(JoinGroupRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (request.GroupId.Length == 0)
        {
            return Response(new GroupAnswer.Joined(0, ErrorCode.InvalidGroupId, request.MemberId));
        }

        if (!groups.HasRoomFor(request.GroupId))
        {
            return Response(new GroupAnswer.Joined(0, ErrorCode.GroupMaxSizeReached, request.MemberId));
        }

        var clientId = context.Header.ClientId ?? "";
        var newMemberId = $"{request.GroupInstanceId ?? clientId}-{Guid.NewGuid():D}";
        var answer = await groups.AskAsync<GroupAnswer.Joined>(
            request.GroupId,
            ticket => new GroupInput.Join(
                ticket, request.MemberId, request.GroupInstanceId, clientId, $"/{context.ClientAddress}",
                TimeSpan.FromMilliseconds(request.SessionTimeoutMs), TimeSpan.FromMilliseconds(Math.Max(0, request.RebalanceTimeoutMs)),
                request.ProtocolType, [.. request.Protocols.Select(static p => new MemberProtocol(p.Name, p.Metadata))], newMemberId,
                context.Version >= JoinGroupRequest.FirstWithRequiredMemberId, context.Version >= JoinGroupRequest.FirstWithSkipAssignment),
            cancellationToken).ConfigureAwait(false);
        return Response(answer);
    }

    private static JoinGroupResponse Response(GroupAnswer.Joined answer) => new(
        answer.Error, answer.Generation, answer.ProtocolType, answer.ProtocolName, answer.LeaderId, answer.SkipAssignment, answer.MemberId,
        [.. (answer.Members ?? []).Select(static m => new JoinGroupResponse.Member(m.MemberId, m.InstanceId, m.Metadata))]);
}
