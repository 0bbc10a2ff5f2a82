using System.Collections.Immutable;
using Streaming.Cluster.Reading;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Kafka;

/// <summary>A partition of a topic at one moment.</summary>
/// <param name="Log">What its log holds; null when it does not answer.</param>
/// <param name="PerSecond">Records per second; null when that is not known (yet).</param>
public sealed record PartitionRow(PartitionInfo Info, LogBounds? Log, double? PerSecond);

/// <summary>A topic at one moment: its partitions, its settings, its newest messages.</summary>
/// <param name="IsMissing">The cluster has no such topic.</param>
/// <param name="Newest">The newest messages, the newest first; null until they were read.</param>
/// <param name="MessagesProblem">Why the messages cannot be read; null when they can.</param>
public sealed record TopicSnapshot(
    FeedHealth Health, DateTimeOffset ReadAt, bool IsMissing, ImmutableArray<PartitionRow> Partitions, ImmutableArray<TopicSetting> Settings, MessagePage? Newest, string? MessagesProblem)
{
    /// <summary>Before the first answer.</summary>
    public static TopicSnapshot Empty { get; } = new(new FeedHealth(FeedCondition.Starting, DateTimeOffset.UnixEpoch), default, false, [], [], null, null);

    /// <summary>How many records there are, about; null when a partition does not answer.</summary>
    public long? Records => Partitions.IsEmpty || Partitions.Any(partition => partition.Log is null) ? null : Partitions.Sum(partition => partition.Log!.Value.Records);

    /// <summary>Records per second; null when that is not known (yet).</summary>
    public double? PerSecond => Partitions.IsEmpty || Partitions.Any(partition => partition.PerSecond is null) ? null : Partitions.Sum(partition => partition.PerSecond);

    /// <summary>The same under another condition.</summary>
    public TopicSnapshot With(FeedCondition condition, DateTimeOffset now, string? reason) =>
        this with { Health = new FeedHealth(condition, Health.Condition == condition ? Health.Since : now, reason) };
}
