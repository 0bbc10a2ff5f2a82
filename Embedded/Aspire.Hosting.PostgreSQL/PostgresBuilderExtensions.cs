using System.Globalization;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>PostgreSQL in an application.</summary>
public static class PostgresBuilderExtensions
{
    private const string PasswordVariable = "STREAMING_POSTGRES_PASSWORD";

    /// <summary>Adds a PostgreSQL server: a private cluster on loopback, from the machine's own binaries where it has them.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="userName">The user's name; null for <c>postgres</c>.</param>
    /// <param name="password">The user's password; null for a random one, which is kept as long as the data is.</param>
    /// <param name="port">The port; null for any free one.</param>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder, string name,
        IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null, int? port = null)
    {
        var generated = new KeptPassword(builder, $"{name}-password");
        var server = new PostgresServerResource(name, userName?.Resource, password?.Resource ?? generated.Parameter);
        generated.IsKept = server.HasAnnotationOfType<DataVolumeAnnotation>;
        if (builder.ExecutionContext.IsPublishMode)
        {
            return PostgresContainer.Describe(builder.AddResource(server), port);
        }

        builder.Eventing.Subscribe<ResourceReadyEvent>(server, (_, cancellationToken) => PostgresDatabases.CreateAsync(server, cancellationToken));
        return builder.AddResource(server)
            .WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, name: PostgresServerResource.PrimaryEndpointName, port: port) { TargetHost = "127.0.0.1" })
            .WithAnnotation(LocalServers.Program(typeof(PostgresBuilderExtensions).Assembly, "EmbeddedPostgres", (replica, data) =>
            [
                "--port", replica.Ports.Values.Single().ToString(CultureInfo.InvariantCulture), "--data", data.For(server), "--username", server.UserNameReference,
            ]))
            .WithEnvironment(context => context.EnvironmentVariables[PasswordVariable] = server.PasswordParameter)
            .WithHealthCheck(AddHealthCheck(builder, server));
    }

    /// <summary>Adds a database, which is created when the server is ready and there is none of its name.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">The resource's name, which is that of the connection string too.</param>
    /// <param name="databaseName">The name on the server; null for the resource's.</param>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.AddDatabase(name, database.DatabaseName);
        return builder.ApplicationBuilder.AddResource(database).WithHealthCheck(AddHealthCheck(builder.ApplicationBuilder, database));
    }

    /// <summary>Keeps the server's data between runs.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">The folder's name; null for the resource's.</param>
    /// <param name="isReadOnly">Without effect: a server writes.</param>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.ApplicationBuilder.ExecutionContext.IsPublishMode ? PostgresContainer.WithDataVolume(builder, name, isReadOnly) : LocalServers.KeepData(builder, name);

    /// <summary>Says that pgweb needs containers, and leaves it out.</summary>
    public static IResourceBuilder<PostgresServerResource> WithPgWeb(
        this IResourceBuilder<PostgresServerResource> builder, Action<IResourceBuilder<PgWebContainerResource>>? configureContainer = null, string? containerName = null) =>
        LocalServers.LeaveOut(builder, "pgweb");

    /// <summary>Without effect: pgweb is left out.</summary>
    public static IResourceBuilder<PgWebContainerResource> WithHostPort(this IResourceBuilder<PgWebContainerResource> builder, int? port) => builder;

    private static string AddHealthCheck(IDistributedApplicationBuilder builder, IResourceWithConnectionString resource)
    {
        var key = $"{resource.Name}_check";
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(key, new PostgresHealthCheck(resource), failureStatus: default, tags: default));
        return key;
    }
}
