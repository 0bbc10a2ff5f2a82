using System.Globalization;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>Whose timestamps a topic's records carry.</summary>
public enum TimestampType
{
    /// <summary>The producer's.</summary>
    CreateTime,

    /// <summary>The broker's at the moment of the append.</summary>
    LogAppendTime,
}

/// <summary>A topic's configuration: what was set, on top of the broker's and Kafka's defaults. Immutable.</summary>
public sealed class TopicConfig
{
    private readonly Dictionary<string, string> _effective;

    private TopicConfig(IReadOnlyDictionary<string, string> raw, Dictionary<string, string> effective)
    {
        Raw = raw;
        _effective = effective;
        RetentionMs = Number(TopicConfigKeys.RetentionMs);
        RetentionBytes = Number(TopicConfigKeys.RetentionBytes);
        SegmentBytes = Number(TopicConfigKeys.SegmentBytes);
        SegmentMs = Number(TopicConfigKeys.SegmentMs);
        MaxMessageBytes = (int)Number(TopicConfigKeys.MaxMessageBytes);
        IndexIntervalBytes = (int)Number(TopicConfigKeys.IndexIntervalBytes);
        MinInsyncReplicas = (int)Number(TopicConfigKeys.MinInsyncReplicas);
        DeleteRetentionMs = Number(TopicConfigKeys.DeleteRetentionMs);
        MinCompactionLagMs = Number(TopicConfigKeys.MinCompactionLagMs);
        MaxCompactionLagMs = Number(TopicConfigKeys.MaxCompactionLagMs);
        MinCleanableDirtyRatio = double.Parse(effective[TopicConfigKeys.MinCleanableDirtyRatio], CultureInfo.InvariantCulture);
        CompressionType = effective[TopicConfigKeys.CompressionType];
        MessageTimestampType = Enum.Parse<TimestampType>(effective[TopicConfigKeys.MessageTimestampType]);
        var policies = effective[TopicConfigKeys.CleanupPolicy].Split(',', StringSplitOptions.TrimEntries);
        CleansByDeletion = policies.Contains("delete");
        CleansByCompaction = policies.Contains("compact");
        SegmentMs = CleansByCompaction ? Math.Min(SegmentMs, MaxCompactionLagMs) : SegmentMs;
        CheckTogether();
    }

    /// <summary>What was set on the topic itself.</summary>
    public IReadOnlyDictionary<string, string> Raw { get; }

    /// <summary>Every known key with the value in force.</summary>
    public IReadOnlyDictionary<string, string> Effective => _effective;

    /// <summary>Records older than this many milliseconds may go; -1: never for age.</summary>
    public long RetentionMs { get; }

    /// <summary>A partition larger than this many bytes loses its oldest segments; -1: never for size.</summary>
    public long RetentionBytes { get; }

    /// <summary>A segment file grows to at most this many bytes.</summary>
    public long SegmentBytes { get; }

    /// <summary>A segment spans at most this many milliseconds of record time; on a compacted topic no more than <see cref="MaxCompactionLagMs"/>.</summary>
    public long SegmentMs { get; }

    /// <summary>The largest record batch that is taken, in bytes.</summary>
    public int MaxMessageBytes { get; }

    /// <summary>Bytes between two entries of the sparse index.</summary>
    public int IndexIntervalBytes { get; }

    /// <summary>A deletion marker stays this many milliseconds after it was first cleaned.</summary>
    public long DeleteRetentionMs { get; }

    /// <summary>A record is not compacted for this many milliseconds.</summary>
    public long MinCompactionLagMs { get; }

    /// <summary>A record waits at most this many milliseconds for its compaction.</summary>
    public long MaxCompactionLagMs { get; }

    /// <summary>Share of a compacted log, by bytes, from which on it is worth cleaning; 0 to 1.</summary>
    public double MinCleanableDirtyRatio { get; }

    /// <summary>Kept for clients that ask; one broker is always one replica.</summary>
    public int MinInsyncReplicas { get; }

    /// <summary>Kept for clients that ask; batches are stored as the producer compressed them.</summary>
    public string CompressionType { get; }

    /// <summary>Whose timestamps the records carry.</summary>
    public TimestampType MessageTimestampType { get; }

    /// <summary><c>cleanup.policy</c> contains <c>delete</c>.</summary>
    public bool CleansByDeletion { get; }

    /// <summary><c>cleanup.policy</c> contains <c>compact</c>.</summary>
    public bool CleansByCompaction { get; }

    /// <summary>Checks <paramref name="raw"/> and puts it on top of <paramref name="brokerDefaults"/> and Kafka's own defaults.</summary>
    /// <exception cref="TopicConfigException">A key is unknown or a value not allowed; the message names both.</exception>
    public static TopicConfig Parse(IReadOnlyDictionary<string, string> raw, IReadOnlyDictionary<string, string>? brokerDefaults = null)
    {
        var effective = TopicConfigKeys.All.ToDictionary(key => key.Name, key => key.Default, StringComparer.Ordinal);
        foreach (var source in new[] { brokerDefaults, raw })
        {
            foreach (var (key, value) in source ?? new Dictionary<string, string>())
            {
                TopicConfigKeys.Check(key, value);
                effective[key] = value;
            }
        }
        return new TopicConfig(new Dictionary<string, string>(raw, StringComparer.Ordinal), effective);
    }

    private long Number(string key) => long.Parse(_effective[key], CultureInfo.InvariantCulture);

    private void CheckTogether()
    {
        if (CleansByCompaction && MinCompactionLagMs > MaxCompactionLagMs)
        {
            throw new TopicConfigException(
                TopicConfigKeys.MinCompactionLagMs, _effective[TopicConfigKeys.MinCompactionLagMs], $"at most {TopicConfigKeys.MaxCompactionLagMs}={MaxCompactionLagMs}");
        }
    }
}
