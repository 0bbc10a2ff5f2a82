namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>With which mechanism the client will prove who it is. Version 0, after which tokens come without a frame of the protocol, is not spoken.</summary>
internal sealed record SaslHandshakeRequest(string Mechanism) : IRequest<SaslHandshakeRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.SaslHandshake, 1, 1, ApiSpec.NeverFlexible);

    public static SaslHandshakeRequest Read(ref WireReader reader) => new(reader.ReadString());
}
