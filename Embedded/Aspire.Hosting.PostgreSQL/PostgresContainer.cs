using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.Postgres;

/// <summary>The container that the official package (13.1) runs, for the manifest.</summary>
internal static class PostgresContainer
{
    private const int Port = 5432;

    public static IResourceBuilder<PostgresServerResource> Describe(IResourceBuilder<PostgresServerResource> server, int? port) => server
        .WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, name: PostgresServerResource.PrimaryEndpointName, port: port, targetPort: Port))
        .WithAnnotation(new ContainerImageAnnotation { Registry = "docker.io", Image = "library/postgres", Tag = "18.0" })
        .WithEnvironment("POSTGRES_HOST_AUTH_METHOD", "scram-sha-256")
        .WithEnvironment("POSTGRES_INITDB_ARGS", "--auth-host=scram-sha-256 --auth-local=scram-sha-256 --no-data-checksums")
        .WithEnvironment(context =>
        {
            context.EnvironmentVariables["POSTGRES_USER"] = server.Resource.UserNameReference;
            context.EnvironmentVariables["POSTGRES_PASSWORD"] = server.Resource.PasswordParameter;
        });

    public static IResourceBuilder<PostgresServerResource> WithDataVolume(IResourceBuilder<PostgresServerResource> server, string? name, bool isReadOnly) =>
        server.WithAnnotation(new ContainerMountAnnotation(
            name ?? VolumeNames.Generate(server, "data"), "/var/lib/postgresql", ContainerMountType.Volume, isReadOnly));
}
