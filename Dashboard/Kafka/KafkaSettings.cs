using Confluent.Kafka;
using Streaming.Cluster;
using Streaming.Contracts.SchemaRegistry;

namespace Streaming.Dashboard.Kafka;

/// <summary>
/// Where Kafka and the schema registry are, as the other services have it: <c>ConnectionStrings:kafka</c>, librdkafka's settings in the section of Aspire's
/// consumers and in the file of <see cref="SharedSettings"/> (TLS, SASL), <c>ConnectionStrings:schema-registry</c>.
/// </summary>
/// <param name="Client">The client's settings, which may hold secrets; null where no Kafka is configured.</param>
/// <param name="Registry">The registry; null where none is configured.</param>
public sealed record KafkaSettings(ClientConfig? Client, SchemaRegistrySettings? Registry)
{
    private const string Name = "kafka";

    /// <summary>Reads the configuration.</summary>
    /// <exception cref="ArgumentException">A value makes no sense; the message names the key.</exception>
    /// <exception cref="ClusterException">The file of settings cannot be used.</exception>
    public static KafkaSettings From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return new KafkaSettings(ClientOf(configuration), SchemaRegistrySettings.From(key => configuration[key]));
    }

    private static ClientConfig? ClientOf(IConfiguration configuration)
    {
        if (string.IsNullOrWhiteSpace(configuration.GetConnectionString(Name)))
        {
            return null;
        }

        // Bound as a consumer's, of which only what every client knows is taken over: a group or an acknowledgement are none of ours.
        var client = new ClientConfig();
        var settings = configuration.GetSection("Aspire:Confluent:Kafka:Consumer");
        settings.GetSection("Config").Bind(client);
        settings.GetSection($"{Name}:Config").Bind(client);
        SharedSettings.AddTo(client, configuration[SharedSettings.Key]);
        client.BootstrapServers = configuration.GetConnectionString(Name);
        client.ClientId ??= "dashboard";
        return client;
    }
}
