namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>What am I assigned? The leader brings everybody's assignment along.</summary>
internal sealed record SyncGroupRequest(
    string GroupId, int Generation, string MemberId, string? GroupInstanceId, string? ProtocolType, string? ProtocolName,
    IReadOnlyList<SyncGroupRequest.Assignment> Assignments) : IRequest<SyncGroupRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.SyncGroup, 0, 5, 4);

    public static SyncGroupRequest Read(ref WireReader reader)
    {
        var groupId = reader.ReadString();
        var generation = reader.ReadInt32();
        var memberId = reader.ReadString();
        var instanceId = reader.Version >= 3 ? reader.ReadNullableString() : null;
        var protocolType = reader.Version >= 5 ? reader.ReadNullableString() : null;
        var protocolName = reader.Version >= 5 ? reader.ReadNullableString() : null;
        var assignments = reader.ReadArray(static (ref WireReader r) =>
        {
            var assignment = new Assignment(r.ReadString(), r.ReadBytes().ToArray());
            r.SkipTaggedFields();
            return assignment;
        });
        reader.SkipTaggedFields();
        return new SyncGroupRequest(groupId, generation, memberId, instanceId, protocolType, protocolName, assignments);
    }

    /// <param name="Bytes">A copy: the group keeps it longer than the frame lives.</param>
    internal readonly record struct Assignment(string MemberId, byte[] Bytes);
}
