using Streaming.Embedded.Kafka.Protocol;

namespace Streaming.Embedded.Kafka.Groups;

/// <summary>The effect of an input: the answer to it or to an earlier one, by ticket.</summary>
internal abstract record GroupAnswer(long Ticket, ErrorCode Error)
{
    /// <param name="Members">All members for the leader, nothing for the others.</param>
    internal sealed record Joined(
        long Ticket, ErrorCode Error, string MemberId, int Generation = -1, string? ProtocolType = null, string? ProtocolName = null,
        string LeaderId = "", bool SkipAssignment = false, IReadOnlyList<JoinedMember>? Members = null) : GroupAnswer(Ticket, Error);

    internal sealed record Synced(long Ticket, ErrorCode Error, byte[] Assignment, string? ProtocolType = null, string? ProtocolName = null)
        : GroupAnswer(Ticket, Error);

    internal sealed record Beaten(long Ticket, ErrorCode Error) : GroupAnswer(Ticket, Error);

    internal sealed record Left(long Ticket, IReadOnlyList<LeftMember> Members) : GroupAnswer(Ticket, ErrorCode.None);
}

/// <summary>A member as its leader sees it.</summary>
internal readonly record struct JoinedMember(string MemberId, string? InstanceId, byte[] Metadata);

/// <summary>What became of one member's leaving.</summary>
internal readonly record struct LeftMember(MemberIdentity Member, ErrorCode Error);
