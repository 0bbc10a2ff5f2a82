using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>
/// Gives a project that is published what the official package gives it. Of the launch profile, which is for development, only counts whether the
/// project listens: then it has an HTTP and an HTTPS endpoint, whose ports are the deployment's.
/// </summary>
internal static class PublishedProject
{
    public static void Describe(IResourceBuilder<ProjectResource> project, KeyValuePair<string, LaunchProfile>? profile)
    {
        project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory");
        project.WithEnvironment(context =>
        {
            if (project.Resource.GetEndpoints().Any())
            {
                context.EnvironmentVariables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
            }

            // HTTPS ends before the project.
            if (project.Resource.GetEndpoints().FirstOrDefault(endpoint => endpoint.Scheme == "http") is { } endpoint)
            {
                context.EnvironmentVariables.TryAdd("HTTP_PORTS", endpoint.Property(EndpointProperty.TargetPort));
            }
        });
        if (profile is { Value.ApplicationUrl.Length: > 0 })
        {
            AddEndpoint(project, "http");
            AddEndpoint(project, "https");
        }
    }

    private static void AddEndpoint(IResourceBuilder<ProjectResource> project, string scheme) =>
        project.WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, scheme, name: scheme));
}
