using System.Net;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Who asks, and in which version.</summary>
/// <param name="Broker">This broker, with the address that this client is to use.</param>
internal sealed record RequestContext(RequestHeader Header, IPAddress ClientAddress, BrokerNode Broker)
{
    public short Version => Header.Version;
}
