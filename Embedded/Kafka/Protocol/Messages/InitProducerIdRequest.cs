namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Give me an id for idempotent producing (KIP-98, KIP-360).</summary>
/// <param name="TransactionalId">Null: idempotent only.</param>
/// <param name="ProducerId">The id whose epoch shall rise; -1: a new one.</param>
internal sealed record InitProducerIdRequest(string? TransactionalId, long ProducerId, short ProducerEpoch) : IRequest<InitProducerIdRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.InitProducerId, 0, 4, 2);

    public static InitProducerIdRequest Read(ref WireReader reader)
    {
        var transactionalId = reader.ReadNullableString();
        reader.ReadInt32(); // transaction timeout
        var request = reader.Version >= 3
            ? new InitProducerIdRequest(transactionalId, reader.ReadInt64(), reader.ReadInt16())
            : new InitProducerIdRequest(transactionalId, -1, -1);
        reader.SkipTaggedFields();
        return request;
    }
}
