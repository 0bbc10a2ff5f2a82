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

/// <summary>How figures reach this page.</summary>
/// <param name="State">What the badge says.</param>
/// <param name="For">How long the data has been stale or the database gone.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record LinkStatus(LinkState State, TimeSpan? For, string? Reason)
{
    /// <summary>The status of one feed at <paramref name="now"/>, by this machine's clock.</summary>
    public static LinkStatus Of(FeedSnapshot snapshot, DateTimeOffset now, TimeSpan staleAfter)
    {
        ArgumentNullException.ThrowIfNull(snapshot);

        // Ages go by the database's clock: its time in the newest answer, plus what has passed here since.
        var databaseNow = snapshot.DatabaseTime + (now - snapshot.ReadAt);
        TimeSpan? silence = snapshot.Partitions.IsEmpty || snapshot.Windows.IsEmpty ? null : databaseNow - snapshot.Partitions.Max(p => p.UpdatedAt);
        return Of(snapshot.Health, now, silence, staleAfter);
    }

    /// <summary>The status of a feed with this condition.</summary>
    /// <param name="health">Its condition.</param>
    /// <param name="now">This machine's clock.</param>
    /// <param name="silence">How old the newest checkpoint with data is; null when there is none.</param>
    /// <param name="staleAfter">How old it may be.</param>
    public static LinkStatus Of(FeedHealth health, DateTimeOffset now, TimeSpan? silence, TimeSpan staleAfter)
    {
        ArgumentNullException.ThrowIfNull(health);
        var (state, since) = health.Condition switch
        {
            FeedCondition.Starting => (LinkState.Starting, (TimeSpan?)null),
            FeedCondition.WaitingForTables => (LinkState.NoData, null),
            FeedCondition.Reconnecting => (LinkState.Reconnecting, now - health.Since),
            FeedCondition.Failing => (LinkState.Failing, now - health.Since),
            _ when silence is null => (LinkState.NoData, null),
            _ when silence > staleAfter => (LinkState.Stale, silence),
            _ => (LinkState.Live, null),
        };
        return new LinkStatus(state, since, health.Reason);
    }
}
