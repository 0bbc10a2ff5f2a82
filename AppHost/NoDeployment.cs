using Aspire.Hosting.ApplicationModel;

namespace Streaming.AppHost;

/// <summary>
/// Stands for <c>Deployment.cs</c> when Embedded=true: publishing beyond the manifest needs Aspire's packages, and the manifest says what <c>AppHost.cs</c> says.
/// </summary>
internal static class Deployment
{
    /// <summary>Nothing is provided: servers are those of the model.</summary>
    public static IResourceBuilder<IResourceWithConnectionString>? Provided(this IDistributedApplicationBuilder builder, string name) => null;

    /// <summary>Without effect.</summary>
    public static void AddDeployment(this IDistributedApplicationBuilder builder)
    {
    }
}
