using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Describes groups; one that does not exist is dead.</summary>
internal sealed class DescribeGroupsHandler(GroupCoordinator groups) : RequestHandler<DescribeGroupsRequest>
{
    protected override ValueTask<IResponse?> HandleAsync(DescribeGroupsRequest request, RequestContext context, CancellationToken cancellationToken) =>
        Answer(new DescribeGroupsResponse([.. request.GroupIds.Select(id => groups.View(id, group => Describe(id, group)))]));

    private static DescribeGroupsResponse.Group Describe(string id, Group? group) => group is null
        ? new DescribeGroupsResponse.Group(id, GroupStateNames.Dead, "", "", [])
        : new DescribeGroupsResponse.Group(
            id, GroupStateNames.Of(group.State), group.ProtocolType ?? "", group.ProtocolName ?? "",
            [.. group.Members.Select(m => Describe(m, group))]);

    /// <summary>Metadata and assignment only when they are settled.</summary>
    private static DescribeGroupsResponse.Member Describe(GroupMember member, Group group) => group.State == GroupState.Stable
        ? new DescribeGroupsResponse.Member(
            member.Id, member.InstanceId, member.ClientId, member.ClientHost, member.MetadataFor(group.ProtocolName), member.Assignment)
        : new DescribeGroupsResponse.Member(member.Id, member.InstanceId, member.ClientId, member.ClientHost, [], []);
}
