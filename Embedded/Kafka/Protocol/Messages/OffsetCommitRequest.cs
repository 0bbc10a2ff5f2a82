namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>The group has processed what lies before these offsets.</summary>
/// <param name="Generation">-1: no member of the group, but its only, simple consumer (or an administrator).</param>
internal sealed record OffsetCommitRequest(
    string GroupId, int Generation, string MemberId, string? GroupInstanceId, IReadOnlyList<OffsetCommitRequest.Topic> Topics)
    : IRequest<OffsetCommitRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.OffsetCommit, 2, 9, 8);

    public static OffsetCommitRequest Read(ref WireReader reader)
    {
        var groupId = reader.ReadString();
        var generation = reader.ReadInt32();
        var memberId = reader.ReadString();
        var instanceId = reader.Version >= 7 ? reader.ReadNullableString() : null;
        if (reader.Version <= 4)
        {
            reader.ReadInt64(); // retention time: the broker's is in force (KIP-211)
        }

        var topics = reader.ReadArray(static (ref WireReader r) =>
        {
            var topic = new Topic(r.ReadString(), r.ReadArray(ReadPartition));
            r.SkipTaggedFields();
            return topic;
        });
        reader.SkipTaggedFields();
        return new OffsetCommitRequest(groupId, generation, memberId, instanceId, topics);
    }

    private static Partition ReadPartition(ref WireReader reader)
    {
        var index = reader.ReadInt32();
        var offset = reader.ReadInt64();
        var leaderEpoch = reader.Version >= 6 ? reader.ReadInt32() : -1;
        var metadata = reader.ReadNullableString();
        reader.SkipTaggedFields();
        return new Partition(index, offset, leaderEpoch, metadata);
    }

    internal readonly record struct Topic(string Name, IReadOnlyList<Partition> Partitions);

    internal readonly record struct Partition(int Index, long Offset, int LeaderEpoch, string? Metadata);
}
