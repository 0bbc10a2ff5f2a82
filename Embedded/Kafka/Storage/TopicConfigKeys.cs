using System.Globalization;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>The kinds of values, numbered as DescribeConfigs does (KIP-226, ConfigType).</summary>
public enum TopicConfigType
{
    /// <summary>Text out of a fixed set.</summary>
    Text = 2,

    /// <summary>A 32-bit number.</summary>
    SmallNumber = 3,

    /// <summary>A 64-bit number.</summary>
    LargeNumber = 5,

    /// <summary>A comma-separated list.</summary>
    List = 7,
}

/// <summary>One key of a topic's configuration.</summary>
/// <param name="Name">As in Kafka's documentation ("Topic Configs").</param>
/// <param name="Default">Kafka's default.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Minimum">Smallest number allowed.</param>
/// <param name="Maximum">Largest number allowed.</param>
/// <param name="Choices">Allowed texts, if it is no number.</param>
public sealed record TopicConfigKey(string Name, string Default, TopicConfigType Type, long Minimum, long Maximum, IReadOnlyList<string> Choices)
{
    internal static TopicConfigKey Number(string name, long value, long minimum) =>
        new(name, value.ToString(CultureInfo.InvariantCulture), TopicConfigType.LargeNumber, minimum, long.MaxValue, []);

    internal static TopicConfigKey Count(string name, int value, int minimum) =>
        new(name, value.ToString(CultureInfo.InvariantCulture), TopicConfigType.SmallNumber, minimum, int.MaxValue, []);

    internal static TopicConfigKey Text(string name, params string[] choices) => new(name, choices[0], TopicConfigType.Text, 0, 0, choices);

    internal static TopicConfigKey List(string name, params string[] choices) => new(name, choices[0], TopicConfigType.List, 0, 0, choices);
}

/// <summary>The topic configurations that this broker knows.</summary>
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

    /// <summary>Milliseconds that a deletion marker is kept in a compacted topic.</summary>
    public const string DeleteRetentionMs = "delete.retention.ms";

    /// <summary>Every key, in the order in which they are described.</summary>
    public static IReadOnlyList<TopicConfigKey> All { get; } =
    [
        TopicConfigKey.List(CleanupPolicy, "delete", "compact"),
        TopicConfigKey.Text(CompressionType, "producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"),
        TopicConfigKey.Number(DeleteRetentionMs, 86_400_000, 0),
        TopicConfigKey.Count(IndexIntervalBytes, 4096, 0),
        TopicConfigKey.Count(MaxMessageBytes, 1_048_588, 0),
        TopicConfigKey.Text(MessageTimestampType, "CreateTime", "LogAppendTime"),
        TopicConfigKey.Count(MinInsyncReplicas, 1, 1),
        TopicConfigKey.Number(RetentionBytes, -1, -1),
        TopicConfigKey.Number(RetentionMs, 604_800_000, -1),
        TopicConfigKey.Count(SegmentBytes, 1_073_741_824, 14),
        TopicConfigKey.Number(SegmentMs, 604_800_000, 1),
    ];

    private static readonly Dictionary<string, TopicConfigKey> ByName = All.ToDictionary(key => key.Name, StringComparer.Ordinal);

    /// <summary>Throws a <see cref="TopicConfigException"/> unless the key is known and the value is one of its values.</summary>
    public static void Check(string key, string? value)
    {
        if (!ByName.TryGetValue(key, out var known))
        {
            throw new TopicConfigException(key, value, "there is no such topic configuration here");
        }
        switch (known.Type)
        {
            case TopicConfigType.Text when value is null || !known.Choices.Contains(value):
                throw new TopicConfigException(key, value, $"one of {string.Join(", ", known.Choices)}");
            case TopicConfigType.List when value is null || !value.Split(',', StringSplitOptions.TrimEntries).All(known.Choices.Contains):
                throw new TopicConfigException(key, value, $"a list of {string.Join(", ", known.Choices)}");
            case TopicConfigType.SmallNumber or TopicConfigType.LargeNumber when !IsNumberWithin(value, known):
                throw new TopicConfigException(key, value, $"a whole number of at least {known.Minimum} and at most {known.Maximum}");
        }
    }

    private static bool IsNumberWithin(string? value, TopicConfigKey key) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && number >= key.Minimum && number <= key.Maximum;
}
