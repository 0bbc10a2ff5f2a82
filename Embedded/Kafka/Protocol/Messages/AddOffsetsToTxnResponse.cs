namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Whether the group is in the transaction.</summary>
internal sealed record AddOffsetsToTxnResponse(ErrorCode Error) : IResponse
{
    public void Write(WireWriter writer)
    {
        writer.WriteInt32(0); // throttle time
        writer.WriteError(Error);
        writer.WriteTaggedFields();
    }
}
