namespace Streaming.Embedded.Kafka.Storage;

/// <summary>What retention needs to know of a segment. A segment without any timestamp is as old as its file.</summary>
internal readonly record struct SegmentFacts(long SizeBytes, long NewestMs, long NextOffset);

/// <summary>Which segments go. Pure; always a prefix of the log.</summary>
internal static class RetentionPolicy
{
    /// <summary>
    /// How many of the oldest segments may be deleted: they are older than <c>retention.ms</c>, or the rest still holds <c>retention.bytes</c>, or nothing
    /// in them is before the log's start any more. All of them only when the newest record of the active one is too old as well.
    /// </summary>
    public static int CountExpired(IReadOnlyList<SegmentFacts> segments, TopicConfig config, long nowMs, long logStartOffset)
    {
        var excess = config.RetentionBytes < 0 ? 0 : segments.Sum(segment => segment.SizeBytes) - config.RetentionBytes;
        var count = 0;
        foreach (var segment in segments)
        {
            var isActive = count == segments.Count - 1;
            var isTooOld = config.CleansByDeletion && config.RetentionMs >= 0 && segment.SizeBytes > 0 && nowMs - segment.NewestMs > config.RetentionMs;
            var isTooMuch = config.CleansByDeletion && !isActive && config.RetentionBytes >= 0 && excess >= segment.SizeBytes;
            var isBeforeStart = !isActive && segment.NextOffset <= logStartOffset;
            if (!isTooOld && !isTooMuch && !isBeforeStart)
            {
                break;
            }
            excess -= segment.SizeBytes;
            count++;
        }
        return count;
    }
}
