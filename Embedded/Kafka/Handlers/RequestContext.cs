using System.Net;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Security;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Who asks, and in which version.</summary>
/// <param name="Broker">This broker, with the address that this client is to use.</param>
/// <param name="Session">How far the client has proved who it is.</param>
internal sealed record RequestContext(RequestHeader Header, IPAddress ClientAddress, BrokerNode Broker, SaslSession Session)
{
    public short Version => Header.Version;
}
