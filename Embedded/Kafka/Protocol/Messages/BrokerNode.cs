namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>A broker's id and address as several responses carry them.</summary>
internal sealed record BrokerNode(int Id, string Host, int Port)
{
    public void Write(WireWriter writer, bool withRack)
    {
        writer.WriteInt32(Id);
        writer.WriteString(Host);
        writer.WriteInt32(Port);
        if (withRack)
        {
            writer.WriteNullableString(null);
        }

        writer.WriteTaggedFields();
    }
}
