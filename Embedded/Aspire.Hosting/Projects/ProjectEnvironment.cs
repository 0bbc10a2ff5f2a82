using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Orchestration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Projects;

/// <summary>Gives a project its endpoints and environment variables, those that the official package sets.</summary>
internal static class ProjectEnvironment
{
    private const string HeadersName = "OTEL_EXPORTER_OTLP_HEADERS";

    public static void Describe(IResourceBuilder<ProjectResource> project, KeyValuePair<string, LaunchProfile>? profile)
    {
        project.WithEnvironment(context => SetTelemetry(context.EnvironmentVariables, project.ApplicationBuilder));
        project.WithAnnotation(new PerReplicaEnvironmentAnnotation(SetPerReplica));
        if (profile is not { Value: var launch, Key: var name })
        {
            return;
        }

        AddEndpoints(project, name, launch);
        project.WithEnvironment(context =>
        {
            context.EnvironmentVariables.TryAdd("DOTNET_LAUNCH_PROFILE", name);
            foreach (var (key, value) in launch.EnvironmentVariables)
            {
                context.EnvironmentVariables.TryAdd(key, Environment.ExpandEnvironmentVariables(value));
            }
        });
    }

    private static void AddEndpoints(IResourceBuilder<ProjectResource> project, string profile, LaunchProfile launch)
    {
        var byScheme = new Dictionary<string, int>();
        foreach (var url in launch.ApplicationUrl?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            var address = BindingAddress.Parse(url);
            var number = byScheme[address.Scheme] = byScheme.GetValueOrDefault(address.Scheme) + 1;
            project.WithEndpoint(number == 1 ? address.Scheme : $"{address.Scheme}{number}", endpoint =>
            {
                endpoint.UriScheme = address.Scheme;
                endpoint.Transport = "http";
                endpoint.Port = address.Port;
                endpoint.PortSetting = $"applicationUrl of profile '{profile}' in {LaunchProfiles.PathOf(project.Resource.Annotations.OfType<IProjectMetadata>().Last())}";
            });
        }
    }

    /// <summary>
    /// The exporters send to the dashboard, in protobuf over HTTP; to another collector where the AppHost's configuration names one in
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, with the headers and the protocol that it names beside, and nowhere where there is neither.
    /// </summary>
    private static void SetTelemetry(Dictionary<string, object> variables, IDistributedApplicationBuilder application)
    {
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EXCEPTION_LOG_ATTRIBUTES"] = "true";
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EVENT_LOG_ATTRIBUTES"] = "true";
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        if (application.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 } endpoint)
        {
            variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint;
            variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = application.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] ?? "grpc";
            if (application.Configuration[HeadersName] is { Length: > 0 } headers)
            {
                variables[HeadersName] = headers;
            }
        }
        else if (application.Services.Any(service => service.ServiceType == typeof(DashboardServer)))
        {
            variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = application.Configuration[DashboardSettings.OtlpUrlName]!;
            variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
            if (application.Configuration["AppHost:OtlpApiKey"] is { Length: > 0 } key)
            {
                variables[HeadersName] = $"x-otlp-api-key={key}"; // Nobody else is to have this run's key.
            }
        }

        if (application.Environment.IsDevelopment())
        {
            variables["OTEL_BLRP_SCHEDULE_DELAY"] = variables["OTEL_BSP_SCHEDULE_DELAY"] = variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
            variables["OTEL_TRACES_SAMPLER"] = "always_on";
            variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        }
    }

    private static void SetPerReplica(Dictionary<string, object> variables, Replica replica)
    {
        variables["OTEL_SERVICE_NAME"] = replica.Resource.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={replica.Suffix}";
        var urls = replica.Ports.Where(port => port.Key.UriScheme is "http" or "https")
            .Select(port => $"{port.Key.UriScheme}://{port.Key.TargetHost}:{port.Value}").ToList();
        if (urls.Count > 0)
        {
            variables["ASPNETCORE_URLS"] = string.Join(';', urls);
        }
    }
}
