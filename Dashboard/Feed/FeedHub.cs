namespace Streaming.Dashboard.Feed;

/// <summary>Where the snapshots of the sales are handed out.</summary>
public sealed class FeedHub() : Broadcast<FeedSnapshot>(FeedSnapshot.Empty);
