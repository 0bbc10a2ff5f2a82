namespace Streaming.Contracts;

/// <summary>What Kafka does with old records of a topic (topic configuration <c>cleanup.policy</c>).</summary>
public enum CleanupPolicy
{
    /// <summary>Segments older than the retention are deleted.</summary>
    Delete,

    /// <summary>The newest record of each key is kept.</summary>
    Compact,
}

/// <summary>
/// A topic that this application owns: declared once here, created by whichever service starts first, never altered afterwards.
/// Timestamps are always the broker's (<c>message.timestamp.type=LogAppendTime</c>), so that a verdict which compares an event's time
/// with its record's time is the same when the record is read again.
/// </summary>
public sealed record TopicDeclaration(string Name, int Partitions, TimeSpan Retention, CleanupPolicy Cleanup = CleanupPolicy.Delete)
{
    /// <summary>The largest record that the topic takes, in bytes (<c>max.message.bytes</c>).</summary>
    public int MaxMessageBytes { get; init; } = 1024 * 1024;

    /// <summary>The size of a segment file in bytes (<c>segment.bytes</c>); null for the broker's default. The newest segment is never compacted.</summary>
    public int? SegmentBytes { get; init; }

    /// <summary>Whether a stage writes it in Kafka transactions, whose markers leave holes of one offset in the log.</summary>
    public bool IsTransactional { get; init; }

    /// <summary>The topic's configuration under Kafka's own names.</summary>
    public IReadOnlyDictionary<string, string> Configuration()
    {
        var configuration = new Dictionary<string, string>
        {
            ["cleanup.policy"] = Cleanup == CleanupPolicy.Compact ? "compact" : "delete",
            ["message.timestamp.type"] = "LogAppendTime",
            ["max.message.bytes"] = MaxMessageBytes.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        if (Cleanup == CleanupPolicy.Delete)
        {
            configuration["retention.ms"] = ((long)Retention.TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (SegmentBytes is { } segment)
        {
            configuration["segment.bytes"] = segment.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return configuration;
    }
}
