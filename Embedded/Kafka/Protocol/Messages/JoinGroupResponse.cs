namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>The new generation; its leader also gets all members, to assign partitions to.</summary>
internal sealed record JoinGroupResponse(
    ErrorCode Error, int Generation, string? ProtocolType, string? ProtocolName, string Leader, bool SkipAssignment, string MemberId,
    IReadOnlyList<JoinGroupResponse.Member> Members) : IResponse
{
    public void Write(WireWriter writer)
    {
        if (writer.Version >= 2)
        {
            writer.WriteInt32(0); // throttle time
        }

        writer.WriteError(Error);
        writer.WriteInt32(Generation);
        if (writer.Version >= 7)
        {
            writer.WriteNullableString(ProtocolType);
        }

        writer.WriteNullableString(writer.Version >= 7 ? ProtocolName : ProtocolName ?? "");
        writer.WriteString(Leader);
        if (writer.Version >= 9)
        {
            writer.WriteBoolean(SkipAssignment);
        }

        writer.WriteString(MemberId);
        writer.WriteArray(Members, static (w, member) =>
        {
            w.WriteString(member.MemberId);
            if (w.Version >= 5)
            {
                w.WriteNullableString(member.GroupInstanceId);
            }

            w.WriteBytes(member.Metadata);
            w.WriteTaggedFields();
        });
        writer.WriteTaggedFields();
    }

    internal readonly record struct Member(string MemberId, string? GroupInstanceId, byte[] Metadata);
}
