using System.Collections.Immutable;
using Confluent.Kafka;
using Streaming.Cluster.Reading;

namespace Streaming.Cluster.Groups;

/// <summary>A consumer group in the cluster's list.</summary>
/// <param name="State">Kafka's word for it, such as <c>Stable</c> or <c>Empty</c>.</param>
public sealed record GroupSummary(string Group, string State, bool IsSimple);

/// <summary>A consumer group: who is in it, where it stands in each partition.</summary>
/// <param name="Assignor">How its members share the partitions; empty while nobody is in it.</param>
/// <param name="Coordinator">The broker that looks after it, as <c>host:port</c>.</param>
public sealed record GroupDetail(
    string Group, string State, string Assignor, string? Coordinator, ImmutableArray<GroupMember> Members, ImmutableArray<GroupPosition> Positions)
{
    /// <summary>How many records wait for it; null when that is not known of any partition.</summary>
    public long? Lag => Positions.Any(position => position.Lag is not null) ? Positions.Sum(position => position.Lag ?? 0) : null;

    /// <summary>The topics that it reads or has read.</summary>
    public ImmutableArray<string> Topics => [.. Positions.Select(position => position.Partition.Topic).Distinct().Order(StringComparer.Ordinal)];
}

/// <summary>One member of a group.</summary>
/// <param name="Instance">The name of a static member; null for others.</param>
public sealed record GroupMember(string Id, string ClientId, string Host, string? Instance, ImmutableArray<TopicPartition> Assigned);

/// <summary>Where a group stands in one partition.</summary>
/// <param name="Committed">The next offset that it wants; null when it has committed none.</param>
/// <param name="Bounds">What the log holds; null when that is not known.</param>
/// <param name="Member">The member that reads it; null for none.</param>
public sealed record GroupPosition(TopicPartition Partition, long? Committed, LogBounds? Bounds, GroupMember? Member)
{
    /// <summary>How many records wait, markers of transactions included; null when that is not known.</summary>
    public long? Lag => Bounds is { } bounds && Committed is { } committed ? Math.Max(0, bounds.End - Math.Max(committed, bounds.Begin)) : null;
}
