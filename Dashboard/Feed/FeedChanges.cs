namespace Streaming.Dashboard.Feed;

/// <summary>What one question to the database brought.</summary>
/// <param name="DatabaseTime">The database's clock when it answered.</param>
/// <param name="Generation">The pipeline's active generation; null when no Aggregator has registered the pipeline.</param>
/// <param name="Partitions">The newest checkpoint of every partition of that generation.</param>
/// <param name="Windows">Windows that were written after the cursors.</param>
/// <param name="Stores">Stores that changed since <see cref="FeedCursor.StoresSeen"/>.</param>
/// <param name="StoresSeen">The largest change time among all stores.</param>
public sealed record FeedChanges(
    DateTimeOffset DatabaseTime,
    int? Generation,
    IReadOnlyList<PartitionProgress> Partitions,
    IReadOnlyList<SalesWindow> Windows,
    IReadOnlyList<StoreInfo> Stores,
    DateTimeOffset StoresSeen);

/// <summary>What has been seen already: rows with a larger version are new. Of another generation, everything is.</summary>
/// <param name="Generation">The generation that the versions belong to.</param>
/// <param name="Versions">The newest version seen of each partition.</param>
/// <param name="StoresSeen">The largest change time of a store seen.</param>
public sealed record FeedCursor(int? Generation, IReadOnlyDictionary<PartitionId, long> Versions, DateTimeOffset StoresSeen)
{
    /// <summary>Nothing seen.</summary>
    public static FeedCursor Start { get; } = new(null, new Dictionary<PartitionId, long>(), DateTimeOffset.UnixEpoch);
}
