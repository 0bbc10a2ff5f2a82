namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Where does this leader's epoch end? Consumers ask to notice a truncated log (KIP-320).</summary>
internal sealed record OffsetForLeaderEpochRequest(IReadOnlyList<OffsetForLeaderEpochRequest.Topic> Topics) : IRequest<OffsetForLeaderEpochRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.OffsetForLeaderEpoch, 0, 4, 4);

    public static OffsetForLeaderEpochRequest Read(ref WireReader reader)
    {
        if (reader.Version >= 3)
        {
            reader.ReadInt32(); // replica id
        }

        var topics = reader.ReadArray(static (ref WireReader r) =>
        {
            var topic = new Topic(r.ReadString(), r.ReadArray(ReadPartition));
            r.SkipTaggedFields();
            return topic;
        });
        reader.SkipTaggedFields();
        return new OffsetForLeaderEpochRequest(topics);
    }

    private static Partition ReadPartition(ref WireReader reader)
    {
        var index = reader.ReadInt32();
        var currentLeaderEpoch = reader.Version >= 2 ? reader.ReadInt32() : -1;
        var leaderEpoch = reader.ReadInt32();
        reader.SkipTaggedFields();
        return new Partition(index, currentLeaderEpoch, leaderEpoch);
    }

    internal readonly record struct Topic(string Name, IReadOnlyList<Partition> Partitions);

    internal readonly record struct Partition(int Index, int CurrentLeaderEpoch, int LeaderEpoch);
}
