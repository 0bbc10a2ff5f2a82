using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Streaming.AppHost;

/// <summary>The words of <c>AppHost.cs</c> that are this application's own.</summary>
internal static class Model
{
    /// <summary>What the deployment provides, or the configured connection string of a name (<c>ConnectionStrings:{name}</c>), or else a server that is run here.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> ConnectionStringOr(
        this IDistributedApplicationBuilder builder, string name, Func<IResourceBuilder<IResourceWithConnectionString>> server) =>
        builder.Provided(name) ?? (string.IsNullOrEmpty(builder.Configuration.GetConnectionString(name)) ? server() : builder.AddConnectionString(name));

    /// <summary>Keeps the broker's data between runs, unless <c>UseVolumes</c> is false.</summary>
    public static IResourceBuilder<KafkaServerResource> KeepData(this IResourceBuilder<KafkaServerResource> kafka, IDistributedApplicationBuilder builder) =>
        builder.UsesVolumes() ? kafka.WithDataVolume() : kafka;

    /// <summary>Keeps the server's data between runs, unless <c>UseVolumes</c> is false.</summary>
    public static IResourceBuilder<PostgresServerResource> KeepData(this IResourceBuilder<PostgresServerResource> postgres, IDistributedApplicationBuilder builder) =>
        builder.UsesVolumes() ? postgres.WithDataVolume() : postgres;

    /// <summary>
    /// Passes a section, or a single value, of the AppHost's configuration on to a project: <c>Producer:EventsPerSecond</c> arrives under the same name. What is
    /// called a secret or a password goes as a secret parameter, which no manifest and no page shows.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithSettings(this IResourceBuilder<ProjectResource> project, string section)
    {
        foreach (var (key, value) in project.ApplicationBuilder.Configuration.GetSection(section).AsEnumerable().Where(setting => setting.Value is not null))
        {
            var variable = key.Replace(":", "__", StringComparison.Ordinal);
            _ = IsSecret(key) ? project.WithEnvironment(variable, project.ApplicationBuilder.SecretSetting(key, value!)) : project.WithEnvironment(variable, value);
        }

        return project;
    }

    private static bool IsSecret(string key) =>
        key.EndsWith("Secret", StringComparison.OrdinalIgnoreCase) || key.EndsWith("Password", StringComparison.OrdinalIgnoreCase);

    /// <summary>One parameter for all projects that are passed the setting: <c>Aggregator:Webhook:Secret</c> is <c>aggregator-webhook-secret</c>.</summary>
    private static IResourceBuilder<ParameterResource> SecretSetting(this IDistributedApplicationBuilder builder, string key, string value)
    {
        var name = key.Replace(':', '-').ToLowerInvariant();
        return builder.Resources.OfType<ParameterResource>().FirstOrDefault(parameter => parameter.Name == name) is { } known
            ? builder.CreateResourceBuilder(known)
            : builder.AddParameter(name, value, secret: true);
    }

    private static bool UsesVolumes(this IDistributedApplicationBuilder builder) => builder.Configuration["UseVolumes"] switch
    {
        null or "" => true,
        var text when bool.TryParse(text, out var uses) => uses,
        var other => throw new DistributedApplicationException($"UseVolumes is '{other}'; it is true or false."),
    };
}
