namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>The coordinator of each key: this broker, or an error that holds for all of them.</summary>
internal sealed record FindCoordinatorResponse(ErrorCode Error, string? Message, BrokerNode Broker, IReadOnlyList<string> Keys) : IResponse
{
    public void Write(WireWriter writer)
    {
        if (writer.Version >= 1)
        {
            writer.WriteInt32(0); // throttle time
        }

        var node = Error == ErrorCode.None ? Broker : new BrokerNode(-1, "", -1);
        if (writer.Version >= 4)
        {
            writer.WriteArray(Keys, (w, key) =>
            {
                w.WriteString(key);
                WriteNode(w, node);
                w.WriteError(Error);
                w.WriteNullableString(Message);
                w.WriteTaggedFields();
            });
        }
        else
        {
            writer.WriteError(Error);
            if (writer.Version >= 1)
            {
                writer.WriteNullableString(Message);
            }

            WriteNode(writer, node);
        }

        writer.WriteTaggedFields();
    }

    private static void WriteNode(WireWriter writer, BrokerNode node)
    {
        writer.WriteInt32(node.Id);
        writer.WriteString(node.Host);
        writer.WriteInt32(node.Port);
    }
}
