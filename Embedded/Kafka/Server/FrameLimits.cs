using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Security;

namespace Streaming.Embedded.Kafka.Server;

/// <summary>How large a request may be.</summary>
/// <param name="Produce">In bytes, for the only kind that carries records.</param>
/// <param name="Other">In bytes, for any other kind: these are decoded into many small objects.</param>
/// <param name="Session">Before the client has proved who it is, requests are small.</param>
internal sealed record FrameLimits(int Produce, int Other, SaslSession Session)
{
    /// <summary>For anything that comes before the proof, and the proof itself.</summary>
    private const int BeforeProof = 16 << 10;

    /// <exception cref="MalformedRequestException">The size is out of bounds.</exception>
    public void Check(int size, ApiKey key)
    {
        var limit = !Session.IsOpen ? BeforeProof : key == ApiKey.Produce ? Produce : Other;
        if (size < RequestHeader.FixedSize || size > limit)
        {
            throw new MalformedRequestException($"A request of kind {(short)key} announces {size} bytes; allowed: {RequestHeader.FixedSize} to {limit}.");
        }
    }
}
