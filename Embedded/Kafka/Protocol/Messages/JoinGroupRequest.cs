namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Take me into this group, or: I join its rebalance.</summary>
/// <param name="RebalanceTimeoutMs">How long the others wait for this member in a rebalance.</param>
/// <param name="Protocols">Assignment strategies that the member speaks, the preferred first.</param>
internal sealed record JoinGroupRequest(
    string GroupId, int SessionTimeoutMs, int RebalanceTimeoutMs, string MemberId, string? GroupInstanceId, string ProtocolType,
    IReadOnlyList<JoinGroupRequest.Protocol> Protocols) : IRequest<JoinGroupRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.JoinGroup, 0, 9, 6);

    /// <summary>From this version on a new member first gets an id and joins with it (KIP-394).</summary>
    public const short FirstWithRequiredMemberId = 4;

    /// <summary>From this version on a static member can be told to keep the former assignment (KIP-814).</summary>
    public const short FirstWithSkipAssignment = 9;

    public static JoinGroupRequest Read(ref WireReader reader)
    {
        var groupId = reader.ReadString();
        var sessionTimeoutMs = reader.ReadInt32();
        var rebalanceTimeoutMs = reader.Version >= 1 ? reader.ReadInt32() : sessionTimeoutMs;
        var memberId = reader.ReadString();
        var instanceId = reader.Version >= 5 ? reader.ReadNullableString() : null;
        var protocolType = reader.ReadString();
        var protocols = reader.ReadArray(static (ref WireReader r) =>
        {
            var protocol = new Protocol(r.ReadString(), r.ReadBytes().ToArray());
            r.SkipTaggedFields();
            return protocol;
        });
        if (reader.Version >= 8)
        {
            reader.ReadNullableString(); // reason
        }

        reader.SkipTaggedFields();
        return new JoinGroupRequest(groupId, sessionTimeoutMs, rebalanceTimeoutMs, memberId, instanceId, protocolType, protocols);
    }

    /// <param name="Metadata">A copy: the group keeps it longer than the frame lives.</param>
    internal sealed record Protocol(string Name, byte[] Metadata);
}
