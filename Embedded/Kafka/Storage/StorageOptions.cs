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

    /// <summary>How often compacted topics are looked at for something to clean (Kafka: <c>log.cleaner.backoff.ms</c>).</summary>
    public TimeSpan CleanerInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes that the keys of one cleaning may take in memory (Kafka: <c>log.cleaner.dedupe.buffer.size</c>); 24 for a key, at three quarters full.</summary>
    public long CleanerMapBytes { get; init; } = 24L << 20;

    /// <summary>Bytes per second that the cleaner reads, at most (Kafka: <c>log.cleaner.io.max.bytes.per.second</c>).</summary>
    public long CleanerBytesPerSecond { get; init; } = 64L << 20;

    /// <summary>How often recovery points are written; after a crash only what was appended since is scanned.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>After this time without a batch the state of an idempotent producer is forgotten (Kafka: <c>producer.id.expiration.ms</c>).</summary>
    public TimeSpan ProducerExpiration { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Values for topics that do not set the key themselves (for example <c>segment.bytes</c>).</summary>
    public IReadOnlyDictionary<string, string> TopicDefaults { get; init; } = new Dictionary<string, string>();
}
