namespace Streaming.Embedded.Kafka.Groups;

/// <summary>What can happen to a group. The answer to an input carries the input's ticket, at once or after further inputs.</summary>
internal abstract record GroupInput(long Ticket)
{
    /// <param name="MemberId">Empty: not known to the group yet.</param>
    /// <param name="InstanceId">Name of a static member (KIP-345); null for a dynamic one.</param>
    /// <param name="NewMemberId">The id to give if the member has none (made outside: this is where chance comes in).</param>
    /// <param name="RequiresKnownMember">The client can be told to join again with its new id (KIP-394).</param>
    internal sealed record Join(
        long Ticket, string MemberId, string? InstanceId, string ClientId, string ClientHost, TimeSpan SessionTimeout, TimeSpan RebalanceTimeout,
        string ProtocolType, IReadOnlyList<MemberProtocol> Protocols, string NewMemberId, bool RequiresKnownMember, bool CanSkipAssignment)
        : GroupInput(Ticket);

    /// <param name="Assignments">By member id; only the leader brings them.</param>
    internal sealed record Sync(
        long Ticket, string MemberId, string? InstanceId, int Generation, string? ProtocolType, string? ProtocolName,
        IReadOnlyDictionary<string, byte[]> Assignments) : GroupInput(Ticket);

    internal sealed record Heartbeat(long Ticket, string MemberId, string? InstanceId, int Generation) : GroupInput(Ticket);

    internal sealed record Leave(long Ticket, IReadOnlyList<MemberIdentity> Members) : GroupInput(Ticket);

    /// <summary>Time has passed; nobody waits for an answer.</summary>
    internal sealed record Tick() : GroupInput(0);
}

/// <summary>One assignment strategy a member speaks, with what the strategy wants to know of the member.</summary>
internal sealed record MemberProtocol(string Name, byte[] Metadata);

/// <summary>How a request names a member.</summary>
internal readonly record struct MemberIdentity(string MemberId, string? InstanceId);
