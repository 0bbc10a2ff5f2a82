using System.Globalization;
using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Decides where every endpoint is reached. A single process listens there itself; replicas have a port each, behind a proxy. Where another AppHost has claimed a fixed
/// port, a free one takes its place, so that two applications with the same launch profiles can run side by side.
/// </summary>
internal sealed class Endpoints(bool randomPorts, Action<string, int, int>? instead = null) : IDisposable
{
    private readonly PortClaims _claims = new();

    public List<EndpointProxy> Proxies { get; } = [];

    public void Dispose() => _claims.Dispose();

    /// <summary>Allocates the endpoints of a resource and returns its replicas.</summary>
    public IReadOnlyList<Replica> Allocate(IResource resource)
    {
        if (!resource.HasAnnotationOfType<LocalProgramAnnotation>())
        {
            return [new Replica(resource, "", new Dictionary<EndpointAnnotation, int>())];
        }

        var ports = Enumerable.Range(0, resource.GetReplicaCount()).Select(_ => new Dictionary<EndpointAnnotation, int>()).ToList();
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            Allocate(resource, endpoint, ports);
        }

        return [.. ports.Select(ports => new Replica(resource, RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz", 8), ports))];
    }

    private void Allocate(IResource resource, EndpointAnnotation endpoint, List<Dictionary<EndpointAnnotation, int>> replicas)
    {
        var fixedPort = randomPorts && endpoint.IsProxied ? null : endpoint.Port;
        var port = fixedPort is { } wished && _claims.TryClaim(wished) ? wished : FreePorts.Take();
        if (fixedPort is not null && port != fixedPort)
        {
            instead?.Invoke(resource.Name, fixedPort.Value, port);
        }

        // A container's port is its own; the program that stands for it shares the machine's.
        var wanted = resource is ContainerResource ? null : endpoint.TargetPort;
        var direct = replicas.Count == 1 && (wanted is null || wanted == port);
        replicas.ForEach(ports => ports[endpoint] = direct ? port : replicas.Count == 1 ? wanted!.Value : FreePorts.Take());
        if (!direct)
        {
            Proxies.Add(new EndpointProxy(resource.Name, port, [.. replicas.Select(ports => ports[endpoint])], endpoint.PortSetting));
        }

        var targetPort = replicas.Count == 1 ? replicas[0][endpoint].ToString(CultureInfo.InvariantCulture) : null;
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, endpoint.TargetHost, port, targetPort);
    }
}
