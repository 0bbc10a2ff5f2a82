using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>Settings of the producer that <c>AddKafkaProducer</c> registers. Bound from <c>Aspire:Confluent:Kafka:Producer[:name]</c>.</summary>
public sealed class KafkaProducerSettings
{
    /// <summary>Bootstrap servers, <c>host:port[,host:port…]</c>; <c>ConnectionStrings:{name}</c> takes precedence over the section.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The client's own configuration; sub-section <c>Config</c>.</summary>
    public ProducerConfig Config { get; } = new();

    /// <summary>Whether the client's meter stays unregistered.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>Whether no health check is registered.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Whether the client's activity source stays unregistered.</summary>
    public bool DisableTracing { get; set; }

    internal void Consolidate() => KafkaClientRules.Consolidate(Config, ConnectionString, DisableMetrics);

    internal void Validate() => KafkaClientRules.RequireBootstrapServers(Config);
}
