using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>
/// Writes what a resource listens on. The ports of a project's first HTTP endpoints are left to the deployment; every other endpoint without a port
/// is given one from 8000 on, as in the official package.
/// </summary>
internal sealed class ManifestBindings(Utf8JsonWriter json)
{
    private readonly HashSet<int> _used = [];
    private int _next = 8000;

    public void Write(IResource resource)
    {
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToList();
        if (endpoints.Count == 0)
        {
            return;
        }

        json.WriteStartObject("bindings");
        var schemes = new HashSet<string>();
        foreach (var endpoint in endpoints)
        {
            var isFirstOfScheme = endpoint.UriScheme is "http" or "https" && schemes.Add(endpoint.UriScheme);
            Write(endpoint, TargetPort(resource, endpoint, isFirstOfScheme));
        }

        json.WriteEndObject();
    }

    private int? TargetPort(IResource resource, EndpointAnnotation endpoint, bool isFirstOfScheme)
    {
        var port = endpoint.TargetPort ?? (resource is ContainerResource ? endpoint.Port : null);
        port ??= resource is ProjectResource && isFirstOfScheme ? null : Allocate();
        if (port is { } used)
        {
            _used.Add(used);
        }

        return port;
    }

    private void Write(EndpointAnnotation endpoint, int? targetPort)
    {
        json.WriteStartObject(endpoint.Name);
        json.WriteString("scheme", endpoint.UriScheme);
        json.WriteString("protocol", endpoint.Protocol.ToString().ToLowerInvariant());
        json.WriteString("transport", endpoint.Transport);
        if (endpoint.Port is { } port && port != targetPort)
        {
            _used.Add(port);
            json.WriteNumber("port", port);
        }

        if (targetPort is { } target)
        {
            json.WriteNumber("targetPort", target);
        }

        if (endpoint.IsExternal)
        {
            json.WriteBoolean("external", true);
        }

        json.WriteEndObject();
    }

    private int Allocate()
    {
        while (!_used.Add(_next))
        {
            _next++;
        }

        return _next++;
    }
}
