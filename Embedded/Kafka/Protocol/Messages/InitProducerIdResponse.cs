namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>The producer's id and epoch.</summary>
internal sealed record InitProducerIdResponse(ErrorCode Error, long ProducerId = -1, short ProducerEpoch = -1) : IResponse
{
    public void Write(WireWriter writer)
    {
        writer.WriteInt32(0); // throttle time
        writer.WriteError(Error);
        writer.WriteInt64(ProducerId);
        writer.WriteInt16(ProducerEpoch);
        writer.WriteTaggedFields();
    }
}
