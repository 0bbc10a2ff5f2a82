using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Pipelines;

/// <summary>
/// The feeds of the pipelines' pages: one for each kind of windows that somebody looks at, and one for the list. What nobody looks at costs nothing.
/// </summary>
public sealed class PipelineFeeds(
    NpgsqlDataSource database, PipelineReader reader, IOptions<DashboardOptions> options, TimeProvider time, ILogger<PipelineFeeds> logger) : IAsyncDisposable
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(15);

    // A figure of the list changes with every checkpoint of every pipeline; once a second is enough for it.
    private static readonly TimeSpan ListInterval = TimeSpan.FromSeconds(1);

    // Checkpoints come in bursts; over this long their rate is steady.
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(10);

    // Tombstones are kept for a quarter of an hour: who has heard nothing for that long begins anew, long before.
    private static readonly TimeSpan CursorLifetime = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(string Pipeline, string? Window), WatchedFeed<PipelineSnapshot>> _feeds = new();
    private WatchedFeed<PipelineList>? _list;

    /// <summary>The list of all pipelines.</summary>
    public WatchedFeed<PipelineList> List => LazyInitializer.EnsureInitialized(ref _list, () => new WatchedFeed<PipelineList>(PipelineList.Empty, FollowListAsync, Linger, time));

    /// <summary>One kind of windows of one pipeline, whether it exists or not; null, and what the pipeline has no windows of, for the first kind.</summary>
    public WatchedFeed<PipelineSnapshot> Of(string pipeline, string? window)
    {
        var key = (pipeline, window);
        return _feeds.GetOrAdd(key, _ => new WatchedFeed<PipelineSnapshot>(
            PipelineSnapshot.Empty, (publish, stop) => FollowAsync(pipeline, window, publish, stop), Linger, time, () => _feeds.TryRemove(key, out WatchedFeed<PipelineSnapshot>? _)));
    }

    public async ValueTask DisposeAsync()
    {
        // Those of other kinds first: they begin with the feed of the first kind, and would start it anew.
        foreach (var (_, feed) in _feeds.OrderBy(feed => feed.Key.Window is null))
        {
            await feed.DisposeAsync();
        }

        if (_list is not null)
        {
            await _list.DisposeAsync();
        }
    }

    private async Task FollowAsync(string pipeline, string? window, Action<PipelineSnapshot> publish, CancellationToken cancellationToken)
    {
        if (window is not null)
        {
            await FollowFirstKindAsync(pipeline, window, publish, cancellationToken);
        }

        await FollowOwnAsync(pipeline, window, publish, cancellationToken);
    }

    /// <summary>
    /// Hands out what the feed of the first kind brings until the pipeline is known to have another one called <paramref name="window"/>. Names come out of addresses:
    /// one that means nothing, or the first kind, is to cost neither a connection nor a cache.
    /// </summary>
    private async Task FollowFirstKindAsync(string pipeline, string window, Action<PipelineSnapshot> publish, CancellationToken cancellationToken)
    {
        using var first = Of(pipeline, null).Subscribe();
        while (await first.NextAsync(cancellationToken) is var snapshot && snapshot.Info?.Description?.Windows.Skip(1).Any(kind => kind.Name == window) != true)
        {
            publish(snapshot);
        }
    }

    private Task FollowOwnAsync(string pipeline, string? window, Action<PipelineSnapshot> publish, CancellationToken cancellationToken)
    {
        var state = new PipelineFeedState(window, options.Value.MaxWindows, options.Value.MaxWindowBytes);
        return Loop(pipeline, options.Value.MinReadInterval).RunAsync(
            async stop =>
            {
                var cursor = time.GetUtcNow() - state.Snapshot.ReadAt < CursorLifetime ? state.Cursor : PipelineCursor.Start;
                var before = state.Snapshot.Info;
                var changes = await reader.ReadAsync(pipeline, window, cursor, stop);
                publish(state.Apply(changes, time.GetUtcNow()));
                RecordPush(before, changes);
            },
            (condition, reason) => publish(state.Report(condition, time.GetUtcNow(), reason)),
            cancellationToken);
    }

    private Task FollowListAsync(Action<PipelineList> publish, CancellationToken cancellationToken)
    {
        var list = PipelineList.Empty;
        var rate = new EventRate(RateWindow);
        return Loop(null, ListInterval).RunAsync(
            async stop =>
            {
                var (databaseTime, pipelines) = await reader.ListAsync(stop);
                var now = time.GetUtcNow();
                rate.Add(databaseTime ?? now, pipelines.Sum(pipeline => pipeline.Shown.Sum(partition => partition.Events)));
                publish(list = list.With(FeedCondition.Live, now, null) with
                {
                    ReadAt = now,
                    DatabaseTime = databaseTime ?? now,
                    Pipelines = pipelines,
                    EventsPerSecond = rate.PerSecond,
                });
            },
            (condition, reason) => publish(list = list.With(condition, time.GetUtcNow(), reason)),
            cancellationToken);
    }

    /// <summary>What is there when somebody begins to look was committed before; only what came since has been waited for.</summary>
    private static void RecordPush(PipelineInfo? before, PipelineChanges changes)
    {
        if (before is not null && changes.Info is { } info)
        {
            FeedTelemetry.RecordPush(info.Name, info.Shown.Where(partition => !before.Shown.Contains(partition)).Select(partition => partition.UpdatedAt), changes.DatabaseTime);
        }
    }

    private FeedLoop Loop(string? pipeline, TimeSpan minInterval) => new(database, pipeline, options.Value.PollInterval, Smaller(minInterval, options.Value.PollInterval), time, logger);

    private static TimeSpan Smaller(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
