namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Whether the end is decided.</summary>
internal sealed record EndTxnResponse(ErrorCode Error) : IResponse
{
    public void Write(WireWriter writer)
    {
        writer.WriteInt32(0); // throttle time
        writer.WriteError(Error);
        writer.WriteTaggedFields();
    }
}
