namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Which offsets has this group committed?</summary>
/// <param name="RequireStable">Where a transaction is about to commit, the client would rather ask again (KIP-447).</param>
internal sealed record OffsetFetchRequest(IReadOnlyList<OffsetFetchRequest.Group> Groups, bool RequireStable = false) : IRequest<OffsetFetchRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.OffsetFetch, 1, 9, 6);

    public static OffsetFetchRequest Read(ref WireReader reader)
    {
        List<Group> groups = reader.Version >= 8
            ? reader.ReadArray(ReadGroup)
            : [new Group(reader.ReadString(), reader.ReadNullableArray(ReadTopic))];
        var requireStable = reader.Version >= 7 && reader.ReadBoolean();
        reader.SkipTaggedFields();
        return new OffsetFetchRequest(groups, requireStable);
    }

    private static Group ReadGroup(ref WireReader reader)
    {
        var groupId = reader.ReadString();
        if (reader.Version >= 9)
        {
            reader.ReadNullableString(); // member id and epoch: of the newer group protocol (KIP-848)
            reader.ReadInt32();
        }

        var topics = reader.ReadNullableArray(ReadTopic);
        reader.SkipTaggedFields();
        return new Group(groupId, topics);
    }

    private static Topic ReadTopic(ref WireReader reader)
    {
        var topic = new Topic(reader.ReadString(), reader.ReadInt32Array());
        reader.SkipTaggedFields();
        return topic;
    }

    /// <param name="Topics">Null: everything that the group has committed.</param>
    internal readonly record struct Group(string GroupId, IReadOnlyList<Topic>? Topics);

    internal readonly record struct Topic(string Name, IReadOnlyList<int> Partitions);
}
