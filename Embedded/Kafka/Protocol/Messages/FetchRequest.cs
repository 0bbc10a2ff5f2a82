using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Give me record batches from these offsets on.</summary>
/// <param name="MaxWaitMs">How long to wait for <paramref name="MinBytes"/>.</param>
/// <param name="MaxBytes">Most bytes of records in the response; the first batch comes whole in any case (KIP-74).</param>
/// <param name="Isolation">Whether records of undecided transactions are wanted.</param>
/// <param name="SessionId">0: no session is in use (KIP-227).</param>
internal sealed record FetchRequest(
    int MaxWaitMs, int MinBytes, int MaxBytes, IsolationLevel Isolation, int SessionId, IReadOnlyList<FetchRequest.Topic> Topics) : IRequest<FetchRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.Fetch, 4, 16, 12);

    public static FetchRequest Read(ref WireReader reader)
    {
        if (reader.Version <= 14)
        {
            reader.ReadInt32(); // replica id; from version 15 on a tagged field
        }

        var maxWaitMs = reader.ReadInt32();
        var minBytes = reader.ReadInt32();
        var maxBytes = reader.ReadInt32();
        var isolation = reader.ReadIsolationLevel();
        var sessionId = 0;
        if (reader.Version >= 7)
        {
            sessionId = reader.ReadInt32();
            reader.ReadInt32(); // session epoch
        }

        var topics = reader.ReadArray(ReadTopic);
        if (reader.Version >= 7)
        {
            reader.ReadArray(ReadForgottenTopic);
        }

        if (reader.Version >= 11)
        {
            reader.ReadString(); // rack
        }

        reader.SkipTaggedFields();
        return new FetchRequest(maxWaitMs, minBytes, maxBytes, isolation, sessionId, topics);
    }

    private static Topic ReadTopic(ref WireReader reader)
    {
        var (name, id) = ReadNameOrId(ref reader);
        var partitions = reader.ReadArray(ReadPartition);
        reader.SkipTaggedFields();
        return new Topic(name, id, partitions);
    }

    private static (string? Name, Guid Id) ReadNameOrId(ref WireReader reader) =>
        reader.Version >= 13 ? (null, reader.ReadUuid()) : (reader.ReadString(), Guid.Empty);

    private static Partition ReadPartition(ref WireReader reader)
    {
        var index = reader.ReadInt32();
        var leaderEpoch = reader.Version >= 9 ? reader.ReadInt32() : -1;
        var offset = reader.ReadInt64();
        if (reader.Version >= 12)
        {
            reader.ReadInt32(); // last fetched epoch: followers only
        }

        if (reader.Version >= 5)
        {
            reader.ReadInt64(); // log start offset: followers only
        }

        var maxBytes = reader.ReadInt32();
        reader.SkipTaggedFields();
        return new Partition(index, leaderEpoch, offset, maxBytes);
    }

    private static int ReadForgottenTopic(ref WireReader reader)
    {
        ReadNameOrId(ref reader);
        var count = reader.ReadInt32Array().Count;
        reader.SkipTaggedFields();
        return count;
    }

    /// <summary>By name up to version 12, by id from 13 on.</summary>
    internal readonly record struct Topic(string? Name, Guid Id, IReadOnlyList<Partition> Partitions);

    internal readonly record struct Partition(int Index, int LeaderEpoch, long Offset, int MaxBytes);
}
