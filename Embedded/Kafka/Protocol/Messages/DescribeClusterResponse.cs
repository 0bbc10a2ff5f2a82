namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>The cluster: this broker, which is its controller too.</summary>
internal sealed record DescribeClusterResponse(ErrorCode Error, string? Message, sbyte EndpointType, string ClusterId, BrokerNode Broker) : IResponse
{
    public void Write(WireWriter writer)
    {
        writer.WriteInt32(0); // throttle time
        writer.WriteError(Error);
        writer.WriteNullableString(Message);
        if (writer.Version >= 1)
        {
            writer.WriteInt8(EndpointType);
        }

        writer.WriteString(ClusterId);
        writer.WriteInt32(Broker.Id);
        writer.WriteArray([Broker], static (w, broker) => broker.Write(w, withRack: true));
        writer.WriteInt32(MetadataResponse.OperationsUnknown);
        writer.WriteTaggedFields();
    }
}
