namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Make these topics.</summary>
internal sealed record CreateTopicsRequest(IReadOnlyList<CreateTopicsRequest.Topic> Topics, bool ValidateOnly) : IRequest<CreateTopicsRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.CreateTopics, 0, 7, 5);

    public static CreateTopicsRequest Read(ref WireReader reader)
    {
        var topics = reader.ReadArray(ReadTopic);
        reader.ReadInt32(); // timeout
        var validateOnly = reader.Version >= 1 && reader.ReadBoolean();
        reader.SkipTaggedFields();
        return new CreateTopicsRequest(topics, validateOnly);
    }

    private static Topic ReadTopic(ref WireReader reader)
    {
        var name = reader.ReadString();
        var partitions = reader.ReadInt32();
        var replicationFactor = reader.ReadInt16();
        var assignments = reader.ReadArray(static (ref WireReader r) =>
        {
            var assignment = new Assignment(r.ReadInt32(), r.ReadInt32Array());
            r.SkipTaggedFields();
            return assignment;
        });
        var configs = reader.ReadArray(static (ref WireReader r) =>
        {
            var config = new KeyValuePair<string, string?>(r.ReadString(), r.ReadNullableString());
            r.SkipTaggedFields();
            return config;
        });
        reader.SkipTaggedFields();
        return new Topic(name, partitions, replicationFactor, assignments, configs);
    }

    /// <param name="Partitions">-1: the broker's default, or given by <paramref name="Assignments"/>.</param>
    internal sealed record Topic(
        string Name, int Partitions, short ReplicationFactor, IReadOnlyList<Assignment> Assignments, IReadOnlyList<KeyValuePair<string, string?>> Configs);

    internal readonly record struct Assignment(int Partition, IReadOnlyList<int> Brokers);
}
