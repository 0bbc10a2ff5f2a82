namespace Streaming.Embedded.Kafka.Storage;

/// <summary>
/// The topic configurations of Apache Kafka 4.1 (kafka.apache.org/documentation, "Topic Configs"), each with its type, range and default. Those that have
/// no name below have no meaning for a single broker with local files: they are checked, kept and described, and change nothing.
/// </summary>
public static class TopicConfigKeys
{
    /// <summary>Age, in milliseconds, beyond which records may be deleted.</summary>
    public const string RetentionMs = "retention.ms";

    /// <summary>Size, in bytes, beyond which the oldest segments are deleted.</summary>
    public const string RetentionBytes = "retention.bytes";

    /// <summary>Size of a segment file in bytes.</summary>
    public const string SegmentBytes = "segment.bytes";

    /// <summary>Time span of a segment in milliseconds.</summary>
    public const string SegmentMs = "segment.ms";

    /// <summary>Largest record batch in bytes.</summary>
    public const string MaxMessageBytes = "max.message.bytes";

    /// <summary><c>delete</c>, <c>compact</c> or both.</summary>
    public const string CleanupPolicy = "cleanup.policy";

    /// <summary><c>CreateTime</c> or <c>LogAppendTime</c>.</summary>
    public const string MessageTimestampType = "message.timestamp.type";

    /// <summary>Replicas that must have a record before it is acknowledged.</summary>
    public const string MinInsyncReplicas = "min.insync.replicas";

    /// <summary>The compression that the topic's batches should have.</summary>
    public const string CompressionType = "compression.type";

    /// <summary>Bytes between two entries of the sparse index.</summary>
    public const string IndexIntervalBytes = "index.interval.bytes";

    /// <summary>Milliseconds that a deletion marker is kept in a compacted topic, from its first cleaning on.</summary>
    public const string DeleteRetentionMs = "delete.retention.ms";

    /// <summary>Share of a compacted log, by bytes, that must be uncleaned before it is cleaned.</summary>
    public const string MinCleanableDirtyRatio = "min.cleanable.dirty.ratio";

    /// <summary>Milliseconds for which a record is not compacted.</summary>
    public const string MinCompactionLagMs = "min.compaction.lag.ms";

    /// <summary>Milliseconds after which a record is compacted, whatever the share of uncleaned bytes.</summary>
    public const string MaxCompactionLagMs = "max.compaction.lag.ms";

    /// <summary>Every key, in the order in which they are described.</summary>
    public static IReadOnlyList<TopicConfigKey> All { get; } =
    [
        TopicConfigKey.List(CleanupPolicy, "delete", "compact"),
        new("compression.gzip.level", "-1", TopicConfigType.SmallNumber, -1, 9, ["-1", "1", "2", "3", "4", "5", "6", "7", "8", "9"]),
        TopicConfigKey.Count("compression.lz4.level", 9, 1, 17),
        TopicConfigKey.Text(CompressionType, "producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"),
        TopicConfigKey.Count("compression.zstd.level", 3, -131_072, 22),
        TopicConfigKey.Number(DeleteRetentionMs, 86_400_000, 0),
        TopicConfigKey.Number("file.delete.delay.ms", 60_000, 0),
        TopicConfigKey.Number("flush.messages", long.MaxValue, 1),
        TopicConfigKey.Number("flush.ms", long.MaxValue, 0),
        TopicConfigKey.Replicas("follower.replication.throttled.replicas"),
        TopicConfigKey.Count(IndexIntervalBytes, 4096, 0),
        TopicConfigKey.Replicas("leader.replication.throttled.replicas"),
        TopicConfigKey.Number("local.retention.bytes", -2, -2),
        TopicConfigKey.Number("local.retention.ms", -2, -2),
        TopicConfigKey.Number(MaxCompactionLagMs, long.MaxValue, 1),
        TopicConfigKey.Count(MaxMessageBytes, 1_048_588, 0),
        TopicConfigKey.Number("message.timestamp.after.max.ms", 3_600_000, 0),
        TopicConfigKey.Number("message.timestamp.before.max.ms", long.MaxValue, 0),
        TopicConfigKey.Text(MessageTimestampType, "CreateTime", "LogAppendTime"),
        TopicConfigKey.Ratio(MinCleanableDirtyRatio, "0.5"),
        TopicConfigKey.Number(MinCompactionLagMs, 0, 0),
        TopicConfigKey.Count(MinInsyncReplicas, 1, 1),
        TopicConfigKey.Flag("preallocate"),
        TopicConfigKey.Flag("remote.log.copy.disable"),
        TopicConfigKey.Flag("remote.log.delete.on.disable"),
        TopicConfigKey.Flag("remote.storage.enable"),
        TopicConfigKey.Number(RetentionBytes, -1, -1),
        TopicConfigKey.Number(RetentionMs, 604_800_000, -1),
        TopicConfigKey.Count(SegmentBytes, 1_073_741_824, 14),
        TopicConfigKey.Count("segment.index.bytes", 10_485_760, 4),
        TopicConfigKey.Number("segment.jitter.ms", 0, 0),
        TopicConfigKey.Number(SegmentMs, 604_800_000, 1),
        TopicConfigKey.Flag("unclean.leader.election.enable"),
    ];

    private static readonly Dictionary<string, TopicConfigKey> ByName = All.ToDictionary(key => key.Name, StringComparer.Ordinal);

    /// <summary>Throws a <see cref="TopicConfigException"/> unless the key is known and the value is one of its values.</summary>
    public static void Check(string key, string? value)
    {
        if (!ByName.TryGetValue(key, out var known))
        {
            throw new TopicConfigException(key, value, "there is no such topic configuration here");
        }
        if (known.WhyNot(value) is { } reason)
        {
            throw new TopicConfigException(key, value, reason);
        }
    }
}
