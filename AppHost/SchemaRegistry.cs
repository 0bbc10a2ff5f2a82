using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Streaming.AppHost;

/// <summary>The schema registry: Confluent's, kept in Kafka, or one that is configured (<c>ConnectionStrings:schema-registry</c>).</summary>
internal static class SchemaRegistry
{
    private const string UserName = "schema-registry-username";
    private const string Password = "schema-registry-password";

    /// <summary>
    /// The configured registry, whose credentials, if it wants any, are the parameters <c>schema-registry-username</c> and <c>schema-registry-password</c>; or else
    /// one that is run here.
    /// </summary>
    public static SchemaRegistryChoice AddSchemaRegistry(this IDistributedApplicationBuilder builder, string name, IResourceBuilder<IResourceWithConnectionString> kafka)
    {
        if (builder.Configuration["Producer:Format"] == "json" && builder.ExecutionContext.IsPublishMode)
        {
            return new SchemaRegistryChoice(null, null, null, null); // Clouds whose registry is another kind of thing are spared one.
        }

        if (builder.Provided(name) is { } provided)
        {
            return new SchemaRegistryChoice(null, provided, builder.AddParameter(UserName), builder.AddParameter(Password, secret: true));
        }

        if (!string.IsNullOrEmpty(builder.Configuration.GetConnectionString(name)))
        {
            return builder.Configuration[$"Parameters:{Password}"] is null
                ? new SchemaRegistryChoice(null, builder.AddConnectionString(name), null, null)
                : new SchemaRegistryChoice(null, builder.AddConnectionString(name), builder.AddParameter(UserName), builder.AddParameter(Password, secret: true));
        }

        // Inside a container network the broker has an address of its own.
        var servers = kafka.Resource is KafkaServerResource server
            ? ReferenceExpression.Create($"{server.InternalEndpoint.Property(EndpointProperty.HostAndPort)}")
            : kafka.Resource.ConnectionStringExpression;
        var registry = builder.AddContainer(name, "confluentinc/cp-schema-registry", "8.1.0")
            .WithEnvironment("SCHEMA_REGISTRY_HOST_NAME", name)
            .WithEnvironment("SCHEMA_REGISTRY_LISTENERS", "http://0.0.0.0:8081")
            .WithEnvironment("SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS", servers)
            .WithHttpEndpoint(targetPort: 8081)
            .WithHttpHealthCheck("/subjects")
            .WaitFor(kafka);
        return new SchemaRegistryChoice(registry, null, null, null);
    }

    /// <summary>
    /// Tells a project where the registry is. It does not wait for it: who needs a schema waits by itself, and everything else goes on.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithReference(this IResourceBuilder<ProjectResource> project, SchemaRegistryChoice registry)
    {
        if (registry.Container is { } container)
        {
            return project.WithReference(container.GetEndpoint("http"));
        }

        if (registry.Configured is null)
        {
            return project;
        }

        project.WithReference(registry.Configured);
        return registry is { UserName: { } user, Password: { } password }
            ? project.WithEnvironment("SchemaRegistry__UserName", user).WithEnvironment("SchemaRegistry__Password", password)
            : project;
    }
}

/// <summary>A registry that is run here, or a configured one, or none.</summary>
internal sealed record SchemaRegistryChoice(
    IResourceBuilder<ContainerResource>? Container, IResourceBuilder<IResourceWithConnectionString>? Configured,
    IResourceBuilder<ParameterResource>? UserName, IResourceBuilder<ParameterResource>? Password);
