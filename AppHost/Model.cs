using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Streaming.AppHost;

/// <summary>The words of <c>AppHost.cs</c> that are this application's own.</summary>
internal static class Model
{
    /// <summary>The configured connection string of a name (<c>ConnectionStrings:{name}</c>), or else a server that is run here.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> ConnectionStringOr(
        this IDistributedApplicationBuilder builder, string name, Func<IResourceBuilder<IResourceWithConnectionString>> server) =>
        string.IsNullOrEmpty(builder.Configuration.GetConnectionString(name)) ? server() : builder.AddConnectionString(name);

    /// <summary>Keeps the broker's data between runs, unless <c>UseVolumes</c> is false.</summary>
    public static IResourceBuilder<KafkaServerResource> KeepData(this IResourceBuilder<KafkaServerResource> kafka, IDistributedApplicationBuilder builder) =>
        builder.UsesVolumes() ? kafka.WithDataVolume() : kafka;

    /// <summary>Keeps the server's data between runs, unless <c>UseVolumes</c> is false.</summary>
    public static IResourceBuilder<PostgresServerResource> KeepData(this IResourceBuilder<PostgresServerResource> postgres, IDistributedApplicationBuilder builder) =>
        builder.UsesVolumes() ? postgres.WithDataVolume() : postgres;

    /// <summary>Passes a section, or a single value, of the AppHost's configuration on to a project: <c>Producer:EventsPerSecond</c> arrives under the same name.</summary>
    public static IResourceBuilder<ProjectResource> WithSettings(this IResourceBuilder<ProjectResource> project, string section)
    {
        foreach (var (key, value) in project.ApplicationBuilder.Configuration.GetSection(section).AsEnumerable().Where(setting => setting.Value is not null))
        {
            project.WithEnvironment(key.Replace(":", "__", StringComparison.Ordinal), value);
        }

        return project;
    }

    private static bool UsesVolumes(this IDistributedApplicationBuilder builder) => builder.Configuration.GetValue("UseVolumes", defaultValue: true);
}
