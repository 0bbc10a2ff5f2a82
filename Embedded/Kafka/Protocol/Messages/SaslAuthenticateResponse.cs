namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Whether it was taken.</summary>
internal sealed record SaslAuthenticateResponse(ErrorCode Error, string? Message) : IResponse
{
    public void Write(WireWriter writer)
    {
        writer.WriteError(Error);
        writer.WriteNullableString(Message);
        writer.WriteBytes([]);
        if (writer.Version >= 1)
        {
            writer.WriteInt64(0); // session lifetime: for as long as the connection lasts
        }

        writer.WriteTaggedFields();
    }
}
