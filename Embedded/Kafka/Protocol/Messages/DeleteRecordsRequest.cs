namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Delete what lies before these offsets.</summary>
internal sealed record DeleteRecordsRequest(IReadOnlyList<DeleteRecordsRequest.Topic> Topics) : IRequest<DeleteRecordsRequest>
{
    /// <summary>Asks for everything up to the log's end.</summary>
    public const long HighWatermark = -1;

    public static ApiSpec Api { get; } = new(ApiKey.DeleteRecords, 0, 2, 2);

    public static DeleteRecordsRequest Read(ref WireReader reader)
    {
        var topics = reader.ReadArray(static (ref WireReader r) =>
        {
            var name = r.ReadString();
            var partitions = r.ReadArray(static (ref WireReader p) =>
            {
                var partition = new Partition(p.ReadInt32(), p.ReadInt64());
                p.SkipTaggedFields();
                return partition;
            });
            r.SkipTaggedFields();
            return new Topic(name, partitions);
        });
        reader.ReadInt32(); // timeout
        reader.SkipTaggedFields();
        return new DeleteRecordsRequest(topics);
    }

    internal readonly record struct Topic(string Name, IReadOnlyList<Partition> Partitions);

    internal readonly record struct Partition(int Index, long Offset);
}
