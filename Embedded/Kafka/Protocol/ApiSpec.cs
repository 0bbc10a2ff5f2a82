namespace Streaming.Embedded.Kafka.Protocol;

/// <summary>Which versions of a request kind are spoken here.</summary>
/// <param name="Key">The kind.</param>
/// <param name="MinVersion">Lowest version.</param>
/// <param name="MaxVersion">Highest version.</param>
/// <param name="FirstFlexible">From here on: compact lengths and tagged fields (KIP-482).</param>
internal sealed record ApiSpec(ApiKey Key, short MinVersion, short MaxVersion, short FirstFlexible)
{
    /// <summary>For a kind without flexible versions.</summary>
    public const short NeverFlexible = short.MaxValue;

    public bool Supports(short version) => version >= MinVersion && version <= MaxVersion;

    public bool IsFlexible(short version) => version >= FirstFlexible;

    /// <summary>An ApiVersions response keeps the old header in every version, so that any client can read it (KIP-511).</summary>
    public bool HasFlexibleResponseHeader(short version) => Key != ApiKey.ApiVersions && IsFlexible(version);
}
