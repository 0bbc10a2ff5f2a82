namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>The proof of who the client is, as the mechanism has it.</summary>
internal sealed record SaslAuthenticateRequest(ReadOnlyMemory<byte> Token) : IRequest<SaslAuthenticateRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.SaslAuthenticate, 0, 2, 2);

    public static SaslAuthenticateRequest Read(ref WireReader reader)
    {
        var request = new SaslAuthenticateRequest(reader.ReadBytes());
        reader.SkipTaggedFields();
        return request;
    }
}
