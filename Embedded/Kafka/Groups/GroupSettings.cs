namespace Streaming.Embedded.Kafka.Groups;

/// <summary>What holds for every group.</summary>
/// <param name="InitialRebalanceDelay">How long an empty group waits for further members; each newcomer extends it once more.</param>
/// <param name="MinSessionTimeout">Shortest session timeout allowed.</param>
/// <param name="MaxSessionTimeout">Longest session timeout allowed.</param>
/// <param name="OffsetRetention">How long the offsets of a group without members are kept.</param>
/// <param name="MaxMembers">Members, and ids given out for members, that one group may have.</param>
/// <param name="MaxGroups">Groups at a time, counting those that only have offsets.</param>
/// <param name="MaxPendingOffsetBytes">Memory that the offsets of transactions under way may take, all together.</param>
internal sealed record GroupSettings(
    TimeSpan InitialRebalanceDelay, TimeSpan MinSessionTimeout, TimeSpan MaxSessionTimeout, TimeSpan OffsetRetention,
    int MaxMembers = 5_000, int MaxGroups = 20_000, long MaxPendingOffsetBytes = 64 << 20)
{
    /// <summary>A new member that waits in a long rebalance is dropped after this time: its client may be gone (as Kafka does).</summary>
    public static TimeSpan NewMemberTimeout { get; } = TimeSpan.FromMinutes(5);
}
