namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>The groups with their members and assignments.</summary>
internal sealed record DescribeGroupsResponse(IReadOnlyList<DescribeGroupsResponse.Group> Groups) : IResponse
{
    public void Write(WireWriter writer)
    {
        if (writer.Version >= 1)
        {
            writer.WriteInt32(0); // throttle time
        }

        writer.WriteArray(Groups, WriteGroup);
        writer.WriteTaggedFields();
    }

    private static void WriteGroup(WireWriter writer, Group group)
    {
        writer.WriteError(ErrorCode.None);
        writer.WriteString(group.GroupId);
        writer.WriteString(group.State);
        writer.WriteString(group.ProtocolType);
        writer.WriteString(group.ProtocolName);
        writer.WriteArray(group.Members, WriteMember);
        if (writer.Version >= 3)
        {
            writer.WriteInt32(MetadataResponse.OperationsUnknown);
        }

        writer.WriteTaggedFields();
    }

    private static void WriteMember(WireWriter writer, Member member)
    {
        writer.WriteString(member.MemberId);
        if (writer.Version >= 4)
        {
            writer.WriteNullableString(member.GroupInstanceId);
        }

        writer.WriteString(member.ClientId);
        writer.WriteString(member.ClientHost);
        writer.WriteBytes(member.Metadata);
        writer.WriteBytes(member.Assignment);
        writer.WriteTaggedFields();
    }

    internal sealed record Group(string GroupId, string State, string ProtocolType, string ProtocolName, IReadOnlyList<Member> Members);

    internal sealed record Member(
        string MemberId, string? GroupInstanceId, string ClientId, string ClientHost, byte[] Metadata, byte[] Assignment);
}
