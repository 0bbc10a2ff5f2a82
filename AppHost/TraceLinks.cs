using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Streaming.AppHost;

/// <summary>Where the AppHost's own dashboard shows a trace.</summary>
internal static class TraceLinks
{
    private const string UrlsKey = "ASPNETCORE_URLS";
    private const string SettingKey = "Dashboard:TraceUrl";
    private const string Page = "/traces/detail/{traceId}";

    /// <summary>
    /// Tells a project which page shows a trace (<c>Dashboard:TraceUrl</c>): that of the AppHost's dashboard, unless another is configured. Not when publishing: traces then go
    /// to whatever the deployment has.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithTraceLinks(this IResourceBuilder<ProjectResource> project)
    {
        var application = project.ApplicationBuilder;
        if (!application.ExecutionContext.IsRunMode || !string.IsNullOrEmpty(application.Configuration[SettingKey]) || DashboardAddress(application.Configuration[UrlsKey]) is not { } address)
        {
            return project;
        }

        var page = address + Page;
        return project.WithEnvironment("Dashboard__TraceUrl", page);
    }

    /// <summary>The first of the addresses that a browser on this machine can use, without a slash at its end; null when there is none.</summary>
    internal static string? DashboardAddress(string? urls)
    {
        foreach (var url in (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // Kestrel's words for "every address" are none that can be visited.
            var visited = url.Replace("://+", "://localhost", StringComparison.Ordinal).Replace("://*", "://localhost", StringComparison.Ordinal)
                .Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal).Replace("://[::]", "://localhost", StringComparison.Ordinal);
            if (Uri.TryCreate(visited, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.Port != 0)
            {
                return address.GetLeftPart(UriPartial.Authority);
            }
        }

        return null;
    }
}
