namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Which brokers, topics and partitions are there?</summary>
/// <param name="Topics">Topics asked for, by name or id; null: all.</param>
/// <param name="AllowAutoTopicCreation">The client would like a topic that is not there to be made.</param>
internal sealed record MetadataRequest(IReadOnlyList<MetadataRequest.Topic>? Topics, bool AllowAutoTopicCreation) : IRequest<MetadataRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.Metadata, 0, 12, 9);

    public static MetadataRequest Read(ref WireReader reader)
    {
        var topics = reader.ReadNullableArray(static (ref WireReader r) =>
        {
            var id = r.Version >= 10 ? r.ReadUuid() : Guid.Empty;
            var name = r.Version >= 10 ? r.ReadNullableString() : r.ReadString();
            r.SkipTaggedFields();
            return new Topic(id, name);
        });

        // Version 0 has no null: its empty array asks for all topics.
        if (reader.Version == 0 && topics is { Count: 0 })
        {
            topics = null;
        }

        var allowCreation = reader.Version < 4 || reader.ReadBoolean();
        if (reader.Version is >= 8 and <= 10)
        {
            reader.ReadBoolean(); // include cluster authorized operations
        }

        if (reader.Version >= 8)
        {
            reader.ReadBoolean(); // include topic authorized operations
        }

        reader.SkipTaggedFields();
        return new MetadataRequest(topics, allowCreation);
    }

    internal readonly record struct Topic(Guid Id, string? Name);
}
