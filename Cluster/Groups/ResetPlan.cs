using System.Collections.Immutable;
using Confluent.Kafka;
using Streaming.Cluster.Reading;

namespace Streaming.Cluster.Groups;

/// <summary>What a reset changes in one partition.</summary>
/// <param name="Current">What the group has committed; null for nothing.</param>
/// <param name="Target">What it will have committed: always within <paramref name="Bounds"/>.</param>
/// <param name="IsBounded">What was asked for lies outside the log: the nearest offset was taken.</param>
public sealed record ResetStep(TopicPartition Partition, long? Current, long Target, LogBounds Bounds, bool IsBounded)
{
    /// <summary>How many records will be read again (negative: passed over); null when the group has read none.</summary>
    public long? ReadAgain => Current is { } current ? current - Target : null;
}

/// <summary>What a reset will do, before anything is done. Pure.</summary>
public static class ResetPlan
{
    /// <param name="committed">What the group has committed.</param>
    /// <param name="bounds">The partitions to reset and what their logs hold.</param>
    /// <param name="since">For <see cref="ResetTarget.Since"/>: the offsets found, -1 where no record is as young.</param>
    /// <exception cref="ClusterException">A partition has no committed offset that could be shifted.</exception>
    public static ImmutableArray<ResetStep> Of(
        ResetTarget target, IReadOnlyDictionary<TopicPartition, long> committed, IReadOnlyDictionary<TopicPartition, LogBounds> bounds, IReadOnlyDictionary<TopicPartition, long> since)
    {
        ArgumentNullException.ThrowIfNull(committed);
        ArgumentNullException.ThrowIfNull(bounds);
        ArgumentNullException.ThrowIfNull(since);
        return [.. bounds.OrderBy(pair => pair.Key.Topic, StringComparer.Ordinal).ThenBy(pair => pair.Key.Partition.Value).Select(pair => Step(pair.Key, pair.Value))];

        ResetStep Step(TopicPartition partition, LogBounds log)
        {
            long? current = committed.TryGetValue(partition, out var offset) ? offset : null;
            var wanted = Wanted(target, partition, log, current, since);
            var bounded = Math.Clamp(wanted, log.Begin, Math.Max(log.Begin, log.End));
            return new ResetStep(partition, current, bounded, log, bounded != wanted);
        }
    }

    private static long Wanted(ResetTarget target, TopicPartition partition, LogBounds log, long? current, IReadOnlyDictionary<TopicPartition, long> since) => target switch
    {
        ResetTarget.Earliest => log.Begin,
        ResetTarget.Latest => log.End,
        ResetTarget.At at => at.Offset,
        ResetTarget.Since => since.TryGetValue(partition, out var found) && found >= 0 ? found : log.End,
        ResetTarget.By by => current is { } from
            ? Shifted(from, by.Records)
            : throw new ClusterException(ClusterFailure.Invalid, $"{partition.Topic} [{partition.Partition.Value}]: the group has committed nothing there that could be shifted."),
        _ => throw new ArgumentOutOfRangeException(nameof(target), target, "unknown target"),
    };

    private static long Shifted(long from, long by)
    {
        var shifted = (Int128)from + by;
        return shifted < 0 ? 0 : shifted > long.MaxValue ? long.MaxValue : (long)shifted;
    }
}
