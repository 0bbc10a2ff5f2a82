namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Whether the member still belongs to the group, and whether a rebalance waits for it.</summary>
internal sealed record HeartbeatResponse(ErrorCode Error) : IResponse
{
    public void Write(WireWriter writer)
    {
        if (writer.Version >= 1)
        {
            writer.WriteInt32(0); // throttle time
        }

        writer.WriteError(Error);
        writer.WriteTaggedFields();
    }
}
