namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>The producer is about to commit offsets of this group (KIP-98).</summary>
internal sealed record AddOffsetsToTxnRequest(string TransactionalId, long ProducerId, short ProducerEpoch, string GroupId) : IRequest<AddOffsetsToTxnRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.AddOffsetsToTxn, 0, 3, 3);

    public static AddOffsetsToTxnRequest Read(ref WireReader reader)
    {
        var request = new AddOffsetsToTxnRequest(reader.ReadString(), reader.ReadInt64(), reader.ReadInt16(), reader.ReadString());
        reader.SkipTaggedFields();
        return request;
    }
}
