namespace Aspire.Hosting.Orchestration;

/// <summary>The images for which a program of this repository stands. It takes the container's environment variables.</summary>
internal static class LocalContainers
{
    private const string SchemaRegistryImage = "confluentinc/cp-schema-registry";

    /// <summary>The program for an image.</summary>
    /// <exception cref="DistributedApplicationException">There is none.</exception>
    public static LocalProgramAnnotation Program(string name, string image) => image == SchemaRegistryImage
        ? LocalServers.Program(
            typeof(LocalContainers).Assembly, "EmbeddedSchemaRegistry", (replica, _) => ["--listen", $"127.0.0.1:{replica.Ports.Values.Single()}"])
        : throw new DistributedApplicationException($"'{name}' is the container '{image}', for which no local program stands; it needs a container runtime.");
}
