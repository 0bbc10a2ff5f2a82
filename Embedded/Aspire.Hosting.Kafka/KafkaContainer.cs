using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.Kafka;

/// <summary>The container that the official package (13.1) runs, for the manifest.</summary>
internal static class KafkaContainer
{
    private const int Port = 9092;
    private const int InternalPort = 9093;
    private const string Data = "/var/lib/kafka/data";

    public static IResourceBuilder<KafkaServerResource> Describe(IResourceBuilder<KafkaServerResource> kafka, int? port) => kafka
        .WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, name: KafkaServerResource.PrimaryEndpointName, port: port, targetPort: Port))
        .WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, name: KafkaServerResource.InternalEndpointName, targetPort: InternalPort))
        .WithAnnotation(new ContainerImageAnnotation { Registry = "docker.io", Image = "confluentinc/confluent-local", Tag = "8.1.0" })
        .WithEnvironment(context => SetListeners(context.EnvironmentVariables, kafka.Resource));

    public static IResourceBuilder<KafkaServerResource> WithDataVolume(IResourceBuilder<KafkaServerResource> kafka, string? name, bool isReadOnly) => kafka
        .WithEnvironment("KAFKA_LOG_DIRS", Data)
        .WithAnnotation(new ContainerMountAnnotation(name ?? VolumeNames.Generate(kafka, "data"), Data, ContainerMountType.Volume, isReadOnly));

    private static void SetListeners(Dictionary<string, object> variables, KafkaServerResource kafka)
    {
        variables["KAFKA_LISTENERS"] =
            $"PLAINTEXT://localhost:29092,CONTROLLER://localhost:29093,PLAINTEXT_HOST://0.0.0.0:{Port},PLAINTEXT_INTERNAL://0.0.0.0:{InternalPort}";
        variables["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"] =
            "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,PLAINTEXT_INTERNAL:PLAINTEXT";
        var (outside, inside) = (kafka.PrimaryEndpoint.Property(EndpointProperty.HostAndPort), kafka.InternalEndpoint.Property(EndpointProperty.HostAndPort));
        variables["KAFKA_ADVERTISED_LISTENERS"] =
            ReferenceExpression.Create($"PLAINTEXT://{kafka.Host}:29092,PLAINTEXT_HOST://{outside},PLAINTEXT_INTERNAL://{inside}");
    }
}
