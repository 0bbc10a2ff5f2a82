using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something that a resource listens on.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    private readonly TaskCompletionSource<AllocatedEndpoint> _allocated = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Describes it; <paramref name="port"/> is what clients use, <paramref name="targetPort"/> what the process listens on.</summary>
    public EndpointAnnotation(
        ProtocolType protocol, string? uriScheme = null, string? transport = null, string? name = null,
        int? port = null, int? targetPort = null, bool? isExternal = null, bool isProxied = true)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? protocol.ToString().ToLowerInvariant();
        Transport = transport ?? (UriScheme is "http" or "https" ? "http" : "tcp");
        Name = name ?? UriScheme;
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsProxied = isProxied;
    }

    /// <summary>Its name among the resource's endpoints.</summary>
    public string Name { get; set; }

    /// <summary>TCP or UDP.</summary>
    public ProtocolType Protocol { get; set; }

    /// <summary>The scheme of its URL.</summary>
    public string UriScheme { get; set; }

    /// <summary>What is spoken on it.</summary>
    public string Transport { get; set; }

    /// <summary>The port that clients use; null for any free one.</summary>
    public int? Port { get; set; }

    /// <summary>The port that the process listens on; null to let it be chosen.</summary>
    public int? TargetPort { get; set; }

    /// <summary>The host name that the process listens on.</summary>
    public string TargetHost { get; set; } = "localhost";

    /// <summary>Whether people outside are meant to use it.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Whether a proxy may stand before it.</summary>
    public bool IsProxied { get; set; }

    /// <summary>Where it is reached; null until the application starts.</summary>
    public AllocatedEndpoint? AllocatedEndpoint
    {
        get => _allocated.Task.IsCompletedSuccessfully ? _allocated.Task.Result : null;
        set => _allocated.TrySetResult(value ?? throw new ArgumentNullException(nameof(value)));
    }

    /// <summary>Where its port is set, for people who have to change it.</summary>
    internal string PortSetting { get => field ?? $"endpoint '{Name}' in the AppHost"; set; }

    internal Task<AllocatedEndpoint> WhenAllocated => _allocated.Task;
}

/// <summary>Where an endpoint is reached.</summary>
public class AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port, string? targetPortExpression = null)
{
    /// <summary>The endpoint.</summary>
    public EndpointAnnotation Endpoint { get; } = endpoint;

    /// <summary>Host name or address.</summary>
    public string Address { get; } = address;

    /// <summary>The port that clients use.</summary>
    public int Port { get; } = port;

    /// <summary>The port that the process listens on, where it is one for all replicas.</summary>
    public string? TargetPortExpression { get; } = targetPortExpression;

    /// <summary>The scheme of its URL.</summary>
    public string UriScheme => Endpoint.UriScheme;

    /// <summary><c>host:port</c>.</summary>
    public string EndPointString => $"{Address}:{Port}";

    /// <summary><c>scheme://host:port</c>.</summary>
    public string UriString => $"{UriScheme}://{EndPointString}";

    /// <inheritdoc/>
    public override string ToString() => UriString;
}
