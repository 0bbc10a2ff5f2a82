namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Whether that mechanism is there, and which are.</summary>
internal sealed record SaslHandshakeResponse(ErrorCode Error, IReadOnlyList<string> Mechanisms) : IResponse
{
    public void Write(WireWriter writer)
    {
        writer.WriteError(Error);
        writer.WriteArray(Mechanisms, static (writer, mechanism) => writer.WriteString(mechanism));
    }
}
