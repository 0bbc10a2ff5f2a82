using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Data.Common;
using Microsoft.Extensions.Options;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Queries;

namespace Streaming.Dashboard.Devices;

/// <summary>The sites over a range that ends now, as all browsers see it.</summary>
/// <param name="Health">Whether the database is heard.</param>
/// <param name="ReadAt">When the newest answer arrived, by this machine's clock.</param>
/// <param name="Pipeline">What is known of the pipeline; null when it is not there.</param>
/// <param name="Period">The range; null while nothing is known of it.</param>
/// <param name="Problem">Why there is none, in words; null when nothing is wrong.</param>
public sealed record SiteSnapshot(FeedHealth Health, DateTimeOffset ReadAt, PipelineInfo? Pipeline, SitePeriod? Period, string? Problem)
{
    /// <summary>Before the first answer.</summary>
    public static SiteSnapshot Empty { get; } = new(new FeedHealth(FeedCondition.Starting, DateTimeOffset.UnixEpoch), DateTimeOffset.UnixEpoch, null, null, null);
}

/// <summary>
/// The ranges that end now: one feed for each length that somebody looks at, shared by all who do, on top of the feed of the level that suits it.
/// </summary>
public sealed partial class SiteFeeds(
    PipelineFeeds feeds, SitePast past, IOptions<DashboardOptions> options, TimeProvider time, ILogger<SiteFeeds> logger) : IAsyncDisposable
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, WatchedFeed<SiteSnapshot>> _feeds = new(StringComparer.Ordinal);

    /// <summary>The lengths on offer, by their name in the URL.</summary>
    public static ImmutableArray<(string Name, string Label, TimeSpan Length)> Spans { get; } =
    [
        ("15m", "15 min", TimeSpan.FromMinutes(15)), ("1h", "1 h", TimeSpan.FromHours(1)), ("24h", "24 h", TimeSpan.FromHours(24)), ("7d", "7 days", TimeSpan.FromDays(7)),
        ("30d", "30 days", TimeSpan.FromDays(30)), ("1y", "1 year", TimeSpan.FromDays(365)), ("10y", "10 years", TimeSpan.FromDays(3652)),
    ];

    /// <summary>The span of this name; an hour when there is none.</summary>
    public static (string Name, string Label, TimeSpan Length) Choose(string? name) => Spans.FirstOrDefault(span => span.Name == name, Spans[1]);

    /// <summary>One of <see cref="Spans"/>.</summary>
    public WatchedFeed<SiteSnapshot> Of(string name)
    {
        var span = Choose(name);
        return _feeds.GetOrAdd(span.Name, _ => new WatchedFeed<SiteSnapshot>(
            SiteSnapshot.Empty, (publish, stop) => FollowAsync(span.Length, publish, stop), Linger, time, () => _feeds.TryRemove(span.Name, out WatchedFeed<SiteSnapshot>? _)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var feed in _feeds.Values)
        {
            await feed.DisposeAsync();
        }
    }

    /// <summary>Runs until it is cancelled. A fault of any other kind is said where the range is looked at, and ends the task: whoever looks next begins anew.</summary>
    private async Task FollowAsync(TimeSpan span, Action<SiteSnapshot> publish, CancellationToken cancellationToken)
    {
        try
        {
            await FollowLevelsAsync(span, publish, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, e, span);
            publish(SiteSnapshot.Empty with
            {
                Health = new FeedHealth(FeedCondition.Failing, time.GetUtcNow()),
                Problem = "What is stored cannot be read by this version of the Dashboard; its log has the details.",
            });
            throw;
        }
    }

    private async Task FollowLevelsAsync(TimeSpan span, Action<SiteSnapshot> publish, CancellationToken cancellationToken)
    {
        var live = new SiteLive(past.ReadAsync, past.Fold, span, time);
        var last = SiteSnapshot.Empty;
        string? level = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            // Which level suits is known once the definition is.
            using var subscription = feeds.Of(SitePast.Pipeline, level).Subscribe();
            var snapshot = await subscription.NextAsync(cancellationToken);
            for (var isSuited = true; isSuited; snapshot = isSuited ? await subscription.NextAsync(cancellationToken) : snapshot)
            {
                isSuited = LevelFor(snapshot, span) is not { } suited || suited == level || suited == snapshot.Spec?.Name;
                level = isSuited ? level : LevelFor(snapshot, span);
                if (isSuited)
                {
                    publish(last = await AskAsync(live, snapshot, last.Period, cancellationToken));
                    await Task.Delay(options.Value.MinUpdateInterval, time, cancellationToken);
                }
            }
        }
    }

    private static async Task<SiteSnapshot> AskAsync(SiteLive live, PipelineSnapshot snapshot, SitePeriod? last, CancellationToken cancellationToken)
    {
        var answer = new SiteSnapshot(snapshot.Health, snapshot.ReadAt, snapshot.Info, null, null);
        try
        {
            return answer with { Period = await live.ApplyAsync(snapshot, cancellationToken) };
        }
        catch (RangeTooLargeException e)
        {
            return answer with { Problem = e.Message };
        }
        catch (Exception e) when (e is DbException or TimeoutException or IOException)
        {
            // What was shown last is still right, only no longer new; that is said of the connection.
            return answer with { Period = last, Problem = last is null ? "The database did not answer. The chart goes on as soon as it is back." : null };
        }
    }

    private static string? LevelFor(PipelineSnapshot snapshot, TimeSpan span) =>
        snapshot.Info?.Description is { } description && SitePast.LevelsOf(description) is { Count: > 0 } levels ? RangeTiling.Preferred(levels, span).Windows.Name : null;

    [LoggerMessage(3082, LogLevel.Error, "Cannot follow the sites over {Span}")]
    private static partial void LogFailed(ILogger logger, Exception exception, TimeSpan span);
}
