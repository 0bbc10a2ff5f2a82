namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Which request kinds does the broker speak? The first question of every client (KIP-35, KIP-511).</summary>
internal sealed record ApiVersionsRequest(string? SoftwareName, string? SoftwareVersion) : IRequest<ApiVersionsRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.ApiVersions, 0, 4, 3);

    public static ApiVersionsRequest Read(ref WireReader reader)
    {
        if (reader.Version < 3)
        {
            return new ApiVersionsRequest(null, null);
        }

        var request = new ApiVersionsRequest(reader.ReadString(), reader.ReadString());
        reader.SkipTaggedFields();
        return request;
    }
}
