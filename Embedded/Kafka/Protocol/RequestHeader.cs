namespace Streaming.Embedded.Kafka.Protocol;

/// <summary>What precedes every request (request header v0 to v2). Source: kafka.apache.org/protocol, "Headers".</summary>
internal readonly record struct RequestHeader(ApiKey Key, short Version, int CorrelationId, string? ClientId)
{
    /// <summary>Bytes of api key, version and correlation id, which every header begins with.</summary>
    public const int FixedSize = 8;

    /// <summary>
    /// Reads the header. A kind or version unknown to <paramref name="find"/> ends it after the correlation id: what follows cannot be known.
    /// The client id keeps its old form even in flexible headers.
    /// </summary>
    public static RequestHeader Read(ref WireReader reader, Func<ApiKey, ApiSpec?> find, out ApiSpec? spec)
    {
        var key = (ApiKey)reader.ReadInt16();
        var version = reader.ReadInt16();
        var correlationId = reader.ReadInt32();
        spec = find(key);
        if (spec is null || !spec.Supports(version))
        {
            return new RequestHeader(key, version, correlationId, null);
        }

        var clientId = reader.ReadNullableClassicString();
        reader.BeginBody(version, spec.IsFlexible(version));
        reader.SkipTaggedFields();
        return new RequestHeader(key, version, correlationId, clientId);
    }
}
