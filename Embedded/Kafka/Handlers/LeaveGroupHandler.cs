using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Lets members go.</summary>
internal sealed class LeaveGroupHandler(GroupCoordinator groups) : RequestHandler<LeaveGroupRequest>
{
    protected override async ValueTask<IResponse?> HandleAsync(LeaveGroupRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var answer = await groups.AskAsync<GroupAnswer.Left>(
            request.GroupId,
            ticket => new GroupInput.Leave(ticket, [.. request.Members.Select(static m => new MemberIdentity(m.MemberId, m.GroupInstanceId))]),
            cancellationToken).ConfigureAwait(false);
        return new LeaveGroupResponse(
            ErrorCode.None, [.. answer.Members.Select(static m => new LeaveGroupResponse.Member(m.Member.MemberId, m.Member.InstanceId, m.Error))]);
    }
}
