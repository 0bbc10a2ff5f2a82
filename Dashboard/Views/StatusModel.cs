using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Views;

/// <summary>What the connection badge says.</summary>
public enum LinkState
{
    /// <summary>No answer from the database yet.</summary>
    Starting,

    /// <summary>The database answers but holds no data.</summary>
    NoData,

    /// <summary>Figures arrive.</summary>
    Live,

    /// <summary>The database answers, but no checkpoint has come for a while.</summary>
    Stale,

    /// <summary>The database is gone and is being sought.</summary>
    Reconnecting,

    /// <summary>The database refuses.</summary>
    Failing,
}

/// <summary>The line on top of every page; a figure that is not known is null.</summary>
/// <param name="State">What the badge says.</param>
/// <param name="For">How long the data has been stale or the database gone.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="EventsPerSecond">Over the last ten seconds.</param>
/// <param name="WatermarkAge">Of the partition that is furthest behind.</param>
/// <param name="SlowestPartition">That partition.</param>
/// <param name="Lag">Events that wait in the input.</param>
/// <param name="Late">Late events since the generation began.</param>
/// <param name="Rejected">Rejected records since the generation began.</param>
public sealed record StatusModel(
    LinkState State, TimeSpan? For, string? Reason, double? EventsPerSecond, TimeSpan? WatermarkAge, int? SlowestPartition, long? Lag, long? Late, long? Rejected)
{
    /// <summary>The status at <paramref name="now"/>, by this machine's clock.</summary>
    public static StatusModel Build(FeedSnapshot snapshot, DateTimeOffset now, TimeSpan staleAfter)
    {
        ArgumentNullException.ThrowIfNull(snapshot);

        // Ages go by the database's clock: its time in the newest answer, plus what has passed here since.
        var databaseNow = snapshot.DatabaseTime + (now - snapshot.ReadAt);
        TimeSpan? silence = snapshot.Partitions.IsEmpty ? null : databaseNow - snapshot.Partitions.Max(p => p.UpdatedAt);
        var slowest = snapshot.Partitions.Where(p => p.Watermark is not null).MinBy(p => p.Watermark);
        var (state, since) = StateOf(snapshot, now, silence, staleAfter);
        return new StatusModel(
            state,
            since,
            snapshot.Health.Reason,
            state == LinkState.Live ? snapshot.EventsPerSecond : null,
            databaseNow - slowest?.Watermark,
            slowest?.Id.Partition,
            snapshot.Partitions.IsEmpty || snapshot.Partitions.Any(p => p.Lag is null) ? null : snapshot.Partitions.Sum(p => p.Lag),
            snapshot.Partitions.IsEmpty ? null : snapshot.Partitions.Sum(p => p.Late),
            snapshot.Partitions.IsEmpty ? null : snapshot.Partitions.Sum(p => p.Rejected));
    }

    private static (LinkState State, TimeSpan? For) StateOf(FeedSnapshot snapshot, DateTimeOffset now, TimeSpan? silence, TimeSpan staleAfter) =>
        snapshot.Health.Condition switch
        {
            FeedCondition.Starting => (LinkState.Starting, null),
            FeedCondition.WaitingForTables => (LinkState.NoData, null),
            FeedCondition.Reconnecting => (LinkState.Reconnecting, now - snapshot.Health.Since),
            FeedCondition.Failing => (LinkState.Failing, now - snapshot.Health.Since),
            _ when silence is null || snapshot.Windows.IsEmpty => (LinkState.NoData, null),
            _ when silence > staleAfter => (LinkState.Stale, silence),
            _ => (LinkState.Live, null),
        };
}
