namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>The producer is about to write into these partitions (KIP-98). Later versions are for brokers among themselves (KIP-890).</summary>
internal sealed record AddPartitionsToTxnRequest(string TransactionalId, long ProducerId, short ProducerEpoch, IReadOnlyList<AddPartitionsToTxnRequest.Topic> Topics)
    : IRequest<AddPartitionsToTxnRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.AddPartitionsToTxn, 0, 3, 3);

    public static AddPartitionsToTxnRequest Read(ref WireReader reader)
    {
        var (transactionalId, producerId, producerEpoch) = (reader.ReadString(), reader.ReadInt64(), reader.ReadInt16());
        var topics = reader.ReadArray(static (ref WireReader r) =>
        {
            var topic = new Topic(r.ReadString(), r.ReadInt32Array());
            r.SkipTaggedFields();
            return topic;
        });
        reader.SkipTaggedFields();
        return new AddPartitionsToTxnRequest(transactionalId, producerId, producerEpoch, topics);
    }

    internal readonly record struct Topic(string Name, IReadOnlyList<int> Partitions);
}
