using Streaming.Embedded.Kafka.Protocol;

namespace Streaming.Embedded.Kafka.Server;

/// <summary>How large a request may be.</summary>
/// <param name="Produce">In bytes, for the only kind that carries records.</param>
/// <param name="Other">In bytes, for any other kind: these are decoded into many small objects.</param>
internal sealed record FrameLimits(int Produce, int Other)
{
    /// <exception cref="MalformedRequestException">The size is out of bounds.</exception>
    public void Check(int size, ApiKey key)
    {
        var limit = key == ApiKey.Produce ? Produce : Other;
        if (size < RequestHeader.FixedSize || size > limit)
        {
            throw new MalformedRequestException($"A request of kind {(short)key} announces {size} bytes; allowed: {RequestHeader.FixedSize} to {limit}.");
        }
    }
}
