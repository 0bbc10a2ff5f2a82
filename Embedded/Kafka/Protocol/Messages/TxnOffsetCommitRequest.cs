namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>The group will have processed what lies before these offsets when the transaction commits (KIP-98).</summary>
/// <param name="Generation">-1: the client does not say for which member it commits (before KIP-447), or for none.</param>
internal sealed record TxnOffsetCommitRequest(
    string TransactionalId, string GroupId, long ProducerId, short ProducerEpoch, int Generation, string MemberId, string? GroupInstanceId,
    IReadOnlyList<OffsetCommitRequest.Topic> Topics) : IRequest<TxnOffsetCommitRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.TxnOffsetCommit, 0, 3, 3);

    public static TxnOffsetCommitRequest Read(ref WireReader reader)
    {
        var (transactionalId, groupId, producerId, producerEpoch) = (reader.ReadString(), reader.ReadString(), reader.ReadInt64(), reader.ReadInt16());
        var (generation, memberId, instanceId) = reader.Version >= 3 ? (reader.ReadInt32(), reader.ReadString(), reader.ReadNullableString()) : (-1, "", null);
        var topics = reader.ReadArray(static (ref WireReader r) =>
        {
            var topic = new OffsetCommitRequest.Topic(r.ReadString(), r.ReadArray(ReadPartition));
            r.SkipTaggedFields();
            return topic;
        });
        reader.SkipTaggedFields();
        return new TxnOffsetCommitRequest(transactionalId, groupId, producerId, producerEpoch, generation, memberId, instanceId, topics);
    }

    private static OffsetCommitRequest.Partition ReadPartition(ref WireReader reader)
    {
        var (index, offset) = (reader.ReadInt32(), reader.ReadInt64());
        var leaderEpoch = reader.Version >= 2 ? reader.ReadInt32() : -1;
        var metadata = reader.ReadNullableString();
        reader.SkipTaggedFields();
        return new OffsetCommitRequest.Partition(index, offset, leaderEpoch, metadata);
    }
}
