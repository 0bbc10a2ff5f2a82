namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Commit or abort the transaction (KIP-98).</summary>
internal sealed record EndTxnRequest(string TransactionalId, long ProducerId, short ProducerEpoch, bool Commit) : IRequest<EndTxnRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.EndTxn, 0, 3, 3);

    public static EndTxnRequest Read(ref WireReader reader)
    {
        var request = new EndTxnRequest(reader.ReadString(), reader.ReadInt64(), reader.ReadInt16(), reader.ReadBoolean());
        reader.SkipTaggedFields();
        return request;
    }
}
