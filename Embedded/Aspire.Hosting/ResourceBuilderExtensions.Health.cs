using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Makes a registered health check part of the resource's health.</summary>
    public static IResourceBuilder<T> WithHealthCheck<T>(this IResourceBuilder<T> builder, string key)
        where T : IResource => builder.WithAnnotation(new HealthCheckAnnotation(key));

    /// <summary>Makes a page of the resource part of its health: it answers with the status (200 unless told otherwise).</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="path">The page's path; null for the root.</param>
    /// <param name="statusCode">The HTTP status that means healthy.</param>
    /// <param name="endpointName">The endpoint; null for the first HTTP endpoint.</param>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        var endpoint = builder.Resource.GetEndpoints().FirstOrDefault(endpoint => endpointName is null
                ? endpoint.Scheme is "http" or "https"
                : string.Equals(endpoint.EndpointName, endpointName, StringComparison.OrdinalIgnoreCase))
            ?? throw new DistributedApplicationException(
                $"Could not create HTTP health check for resource '{builder.Resource.Name}': it has no endpoint '{endpointName ?? "http"}'.");
        var status = statusCode ?? 200;
        var key = $"{builder.Resource.Name}_{endpoint.EndpointName}_{path}_{status}_check";
        builder.ApplicationBuilder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            key, new HttpHealthCheck(endpoint, path ?? "/", status), failureStatus: default, tags: default));
        return builder.WithHealthCheck(key);
    }
}
