namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Give me an id for idempotent producing, or make me the one producer of a transactional id (KIP-98, KIP-360).</summary>
/// <param name="TransactionalId">Null: idempotent only.</param>
/// <param name="TransactionTimeoutMs">After this time a transaction under way is aborted.</param>
/// <param name="ProducerId">The id whose epoch shall rise; -1: a new one.</param>
internal sealed record InitProducerIdRequest(string? TransactionalId, int TransactionTimeoutMs, long ProducerId, short ProducerEpoch) : IRequest<InitProducerIdRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.InitProducerId, 0, 4, 2);

    public static InitProducerIdRequest Read(ref WireReader reader)
    {
        var (transactionalId, timeoutMs) = (reader.ReadNullableString(), reader.ReadInt32());
        var (producerId, producerEpoch) = reader.Version >= 3 ? (reader.ReadInt64(), reader.ReadInt16()) : (-1L, (short)-1);
        reader.SkipTaggedFields();
        return new InitProducerIdRequest(transactionalId, timeoutMs, producerId, producerEpoch);
    }
}
