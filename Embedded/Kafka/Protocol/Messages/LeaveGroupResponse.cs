namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>What became of each member.</summary>
internal sealed record LeaveGroupResponse(ErrorCode Error, IReadOnlyList<LeaveGroupResponse.Member> Members) : IResponse
{
    public void Write(WireWriter writer)
    {
        if (writer.Version >= 1)
        {
            writer.WriteInt32(0); // throttle time
        }

        // Before version 3 there is one member, and its error is the response's.
        var single = writer.Version < 3 && Members.Count == 1 ? Members[0].Error : ErrorCode.None;
        writer.WriteError(Error != ErrorCode.None ? Error : single);
        if (writer.Version >= 3)
        {
            writer.WriteArray(Members, static (w, member) =>
            {
                w.WriteString(member.MemberId);
                w.WriteNullableString(member.GroupInstanceId);
                w.WriteError(member.Error);
                w.WriteTaggedFields();
            });
        }

        writer.WriteTaggedFields();
    }

    internal readonly record struct Member(string MemberId, string? GroupInstanceId, ErrorCode Error);
}
