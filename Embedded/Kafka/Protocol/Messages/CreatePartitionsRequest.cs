namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Give these topics more partitions.</summary>
internal sealed record CreatePartitionsRequest(IReadOnlyList<CreatePartitionsRequest.Topic> Topics, bool ValidateOnly) : IRequest<CreatePartitionsRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.CreatePartitions, 0, 3, 2);

    public static CreatePartitionsRequest Read(ref WireReader reader)
    {
        var topics = reader.ReadArray(static (ref WireReader r) =>
        {
            var name = r.ReadString();
            var count = r.ReadInt32();
            r.ReadNullableArray(static (ref WireReader a) => // assignments: there is one broker
            {
                var brokers = a.ReadInt32Array().Count;
                a.SkipTaggedFields();
                return brokers;
            });
            r.SkipTaggedFields();
            return new Topic(name, count);
        });
        reader.ReadInt32(); // timeout
        var validateOnly = reader.ReadBoolean();
        reader.SkipTaggedFields();
        return new CreatePartitionsRequest(topics, validateOnly);
    }

    /// <param name="Count">Partitions wanted in all.</param>
    internal readonly record struct Topic(string Name, int Count);
}
