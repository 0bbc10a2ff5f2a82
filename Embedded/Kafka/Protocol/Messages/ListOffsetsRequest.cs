using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Which offset belongs to a time, to the log's start or end?</summary>
/// <param name="Isolation">What the consumer would see; it decides where the log's end is.</param>
internal sealed record ListOffsetsRequest(IsolationLevel Isolation, IReadOnlyList<ListOffsetsRequest.Topic> Topics) : IRequest<ListOffsetsRequest>
{
    /// <summary>Asks for the log's end.</summary>
    public const long Latest = -1;

    /// <summary>Asks for the log's start.</summary>
    public const long Earliest = -2;

    /// <summary>Asks for the record with the largest timestamp (KIP-734).</summary>
    public const long MaxTimestamp = -3;

    public static ApiSpec Api { get; } = new(ApiKey.ListOffsets, 1, 7, 6);

    public static ListOffsetsRequest Read(ref WireReader reader)
    {
        reader.ReadInt32(); // replica id
        var isolation = reader.Version >= 2 ? reader.ReadIsolationLevel() : IsolationLevel.ReadUncommitted;
        var topics = reader.ReadArray(static (ref WireReader r) =>
        {
            var topic = new Topic(r.ReadString(), r.ReadArray(ReadPartition));
            r.SkipTaggedFields();
            return topic;
        });
        reader.SkipTaggedFields();
        return new ListOffsetsRequest(isolation, topics);
    }

    private static Partition ReadPartition(ref WireReader reader)
    {
        var index = reader.ReadInt32();
        var leaderEpoch = reader.Version >= 4 ? reader.ReadInt32() : -1;
        var timestamp = reader.ReadInt64();
        reader.SkipTaggedFields();
        return new Partition(index, leaderEpoch, timestamp);
    }

    internal readonly record struct Topic(string Name, IReadOnlyList<Partition> Partitions);

    /// <param name="Timestamp">Epoch milliseconds, or one of the marks above.</param>
    internal readonly record struct Partition(int Index, int LeaderEpoch, long Timestamp);
}
