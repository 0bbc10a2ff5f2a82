namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>
/// Append these record batches. Versions 0 to 2 are spoken because librdkafka (before 2.8) looks for version 0 before it compresses;
/// record formats older than v2, which only they may carry, are refused batch by batch.
/// </summary>
/// <param name="Acks">0: no answer; 1 and -1: answered when the log has it.</param>
internal sealed record ProduceRequest(string? TransactionalId, short Acks, IReadOnlyList<ProduceRequest.Topic> Topics) : IRequest<ProduceRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.Produce, 0, 10, 9);

    public static ProduceRequest Read(ref WireReader reader)
    {
        var transactionalId = reader.Version >= 3 ? reader.ReadNullableString() : null;
        var acks = reader.ReadInt16();
        reader.ReadInt32(); // timeout for replicas: there are none to wait for
        var topics = reader.ReadArray(static (ref WireReader r) =>
        {
            var name = r.ReadString();
            var partitions = r.ReadArray(static (ref WireReader p) =>
            {
                var partition = new Partition(p.ReadInt32(), p.ReadNullableBytes() ?? default);
                p.SkipTaggedFields();
                return partition;
            });
            r.SkipTaggedFields();
            return new Topic(name, partitions);
        });
        reader.SkipTaggedFields();
        return new ProduceRequest(transactionalId, acks, topics);
    }

    internal readonly record struct Topic(string Name, IReadOnlyList<Partition> Partitions);

    /// <param name="Records">Views into the received frame.</param>
    internal readonly record struct Partition(int Index, ReadOnlyMemory<byte> Records);
}
