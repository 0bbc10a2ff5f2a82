namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Delete these topics, named or (from version 6 on) by id.</summary>
internal sealed record DeleteTopicsRequest(IReadOnlyList<DeleteTopicsRequest.Topic> Topics) : IRequest<DeleteTopicsRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.DeleteTopics, 0, 6, 4);

    public static DeleteTopicsRequest Read(ref WireReader reader)
    {
        var topics = reader.ReadArray(static (ref WireReader r) =>
        {
            if (r.Version < 6)
            {
                return new Topic(r.ReadString(), Guid.Empty);
            }

            var topic = new Topic(r.ReadNullableString(), r.ReadUuid());
            r.SkipTaggedFields();
            return topic;
        });
        reader.ReadInt32(); // timeout
        reader.SkipTaggedFields();
        return new DeleteTopicsRequest(topics);
    }

    internal readonly record struct Topic(string? Name, Guid Id);
}
