namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>This member lives.</summary>
internal sealed record HeartbeatRequest(string GroupId, int Generation, string MemberId, string? GroupInstanceId) : IRequest<HeartbeatRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.Heartbeat, 0, 4, 4);

    public static HeartbeatRequest Read(ref WireReader reader)
    {
        var request = new HeartbeatRequest(
            reader.ReadString(), reader.ReadInt32(), reader.ReadString(), reader.Version >= 3 ? reader.ReadNullableString() : null);
        reader.SkipTaggedFields();
        return request;
    }
}
