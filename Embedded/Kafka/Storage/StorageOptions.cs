namespace Streaming.Embedded.Kafka.Storage;

/// <summary>How and where the logs are kept.</summary>
public sealed record StorageOptions
{
    /// <summary>The data folder; made if it does not exist. One broker at a time may hold it.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>
    /// Whether each append is forced to the disk before it is acknowledged. Without it an acknowledged record survives the
    /// death of the broker's process (the page cache holds it), but not a power cut.
    /// </summary>
    public bool Fsync { get; init; }

    /// <summary>How often retention is applied.</summary>
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often recovery points are written; after a crash only what was appended since is scanned.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>After this time without a batch the state of an idempotent producer is forgotten (Kafka: <c>producer.id.expiration.ms</c>).</summary>
    public TimeSpan ProducerExpiration { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Values for topics that do not set the key themselves (for example <c>segment.bytes</c>).</summary>
    public IReadOnlyDictionary<string, string> TopicDefaults { get; init; } = new Dictionary<string, string>();
}
