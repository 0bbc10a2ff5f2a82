using System.Net;

namespace Streaming.Embedded.SchemaRegistry;

/// <summary>How the registry runs.</summary>
public sealed record SchemaRegistryOptions
{
    /// <summary>Kafka, which keeps the schemas: <c>host:port</c>, several with commas.</summary>
    public required string BootstrapServers { get; init; }

    /// <summary>Address to listen on; port 0 picks a free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8081);

    /// <summary>The compacted topic that holds the schemas; one partition.</summary>
    public string Topic { get; init; } = "_schemas";

    /// <summary>The longest body that is read, in bytes.</summary>
    public int MaxBodyBytes { get; init; } = 1024 * 1024;

    /// <summary>How long a write to Kafka may take before its outcome counts as unknown.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(15);
}
