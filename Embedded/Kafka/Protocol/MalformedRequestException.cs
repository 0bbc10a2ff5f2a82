namespace Streaming.Embedded.Kafka.Protocol;

/// <summary>The peer sent bytes that are no request. It is the peer's fault; its connection is closed.</summary>
internal sealed class MalformedRequestException(string message) : Exception(message);
