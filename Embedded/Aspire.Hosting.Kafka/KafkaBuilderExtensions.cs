using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Kafka;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Kafka in an application.</summary>
public static class KafkaBuilderExtensions
{
    /// <summary>Adds a Kafka broker: this repository's own, as a process on loopback.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name, which is that of the connection string too.</param>
    /// <param name="port">The port; null for any free one.</param>
    public static IResourceBuilder<KafkaServerResource> AddKafka(this IDistributedApplicationBuilder builder, string name, int? port = null)
    {
        var kafka = new KafkaServerResource(name);
        var healthCheck = $"{name}_check";
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            healthCheck, new KafkaHealthCheck(kafka.PrimaryEndpoint), failureStatus: default, tags: default));
        return builder.ExecutionContext.IsPublishMode ? KafkaContainer.Describe(builder.AddResource(kafka), port) : builder.AddResource(kafka)
            .WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, name: KafkaServerResource.PrimaryEndpointName, port: port) { TargetHost = "127.0.0.1" })
            .WithAnnotation(LocalServers.Program(
                typeof(KafkaBuilderExtensions).Assembly, "EmbeddedKafka",
                (replica, data) => ["--listen", $"127.0.0.1:{replica.Ports.Values.Single()}", "--data", data.For(kafka)]))
            .WithHealthCheck(healthCheck);
    }

    /// <summary>Keeps the broker's data between runs.</summary>
    /// <param name="builder">The broker.</param>
    /// <param name="name">The folder's name; null for the resource's.</param>
    /// <param name="isReadOnly">Without effect: a broker writes.</param>
    public static IResourceBuilder<KafkaServerResource> WithDataVolume(
        this IResourceBuilder<KafkaServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.ApplicationBuilder.ExecutionContext.IsPublishMode ? KafkaContainer.WithDataVolume(builder, name, isReadOnly) : LocalServers.KeepData(builder, name);

    /// <summary>Says that Kafka UI needs containers, and leaves it out.</summary>
    public static IResourceBuilder<KafkaServerResource> WithKafkaUI(
        this IResourceBuilder<KafkaServerResource> builder, Action<IResourceBuilder<KafkaUIContainerResource>>? configureContainer = null, string? containerName = null) =>
        LocalServers.LeaveOut(builder, "Kafka UI");

    /// <summary>Without effect: Kafka UI is left out.</summary>
    public static IResourceBuilder<KafkaUIContainerResource> WithHostPort(this IResourceBuilder<KafkaUIContainerResource> builder, int? port) => builder;
}
