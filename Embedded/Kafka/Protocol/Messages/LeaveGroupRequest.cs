namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>These members leave.</summary>
internal sealed record LeaveGroupRequest(string GroupId, IReadOnlyList<LeaveGroupRequest.Member> Members) : IRequest<LeaveGroupRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.LeaveGroup, 0, 5, 4);

    public static LeaveGroupRequest Read(ref WireReader reader)
    {
        var groupId = reader.ReadString();
        if (reader.Version < 3)
        {
            return new LeaveGroupRequest(groupId, [new Member(reader.ReadString(), null)]);
        }

        var members = reader.ReadArray(static (ref WireReader r) =>
        {
            var member = new Member(r.ReadString(), r.ReadNullableString());
            if (r.Version >= 5)
            {
                r.ReadNullableString(); // reason
            }

            r.SkipTaggedFields();
            return member;
        });
        reader.SkipTaggedFields();
        return new LeaveGroupRequest(groupId, members);
    }

    internal readonly record struct Member(string MemberId, string? GroupInstanceId);
}
