namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Forget these committed offsets (KIP-496).</summary>
internal sealed record OffsetDeleteRequest(string GroupId, IReadOnlyList<OffsetDeleteRequest.Topic> Topics) : IRequest<OffsetDeleteRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.OffsetDelete, 0, 0, ApiSpec.NeverFlexible);

    public static OffsetDeleteRequest Read(ref WireReader reader) =>
        new(reader.ReadString(), reader.ReadArray(static (ref WireReader r) => new Topic(r.ReadString(), r.ReadInt32Array())));

    internal readonly record struct Topic(string Name, IReadOnlyList<int> Partitions);
}
