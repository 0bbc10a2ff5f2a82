namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>One member's assignment, in its own format.</summary>
internal sealed record SyncGroupResponse(ErrorCode Error, string? ProtocolType, string? ProtocolName, byte[] Assignment) : IResponse
{
    public void Write(WireWriter writer)
    {
        if (writer.Version >= 1)
        {
            writer.WriteInt32(0); // throttle time
        }

        writer.WriteError(Error);
        if (writer.Version >= 5)
        {
            writer.WriteNullableString(ProtocolType);
            writer.WriteNullableString(ProtocolName);
        }

        writer.WriteBytes(Assignment);
        writer.WriteTaggedFields();
    }
}
