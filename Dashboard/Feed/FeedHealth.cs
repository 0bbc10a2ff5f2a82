namespace Streaming.Dashboard.Feed;

/// <summary>Whether the feed hears the database.</summary>
public enum FeedCondition
{
    /// <summary>No answer yet since the Dashboard started.</summary>
    Starting,

    /// <summary>The database answers, but the Aggregator has not made its tables yet.</summary>
    WaitingForTables,

    /// <summary>The last question was answered.</summary>
    Live,

    /// <summary>The connection was lost and is being sought.</summary>
    Reconnecting,

    /// <summary>The database refuses the question; trying again may not help.</summary>
    Failing,
}

/// <summary>The feed's condition, since when, and the reason in words for people.</summary>
public sealed record FeedHealth(FeedCondition Condition, DateTimeOffset Since, string? Reason = null);
