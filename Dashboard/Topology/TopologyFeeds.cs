using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Topology;

/// <summary>The rates of pipelines' arrows: one feed for each pipeline that somebody looks at, once a second, for all browsers together.</summary>
public sealed class TopologyFeeds(
    NpgsqlDataSource database, TopologyReader reader, IOptions<DashboardOptions> options, TimeProvider time, ILogger<TopologyFeeds> logger) : IAsyncDisposable
{
    /// <summary>Over how long rates are taken.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, WatchedFeed<TopologyRates>> _feeds = new(StringComparer.Ordinal);

    /// <summary>The rates of one pipeline, whether it exists or not.</summary>
    public WatchedFeed<TopologyRates> Of(string pipeline) => _feeds.GetOrAdd(pipeline, name => new WatchedFeed<TopologyRates>(
        TopologyRates.Unknown, (publish, stop) => FollowAsync(name, publish, stop), Linger, time, () => _feeds.TryRemove(name, out _)));

    public async ValueTask DisposeAsync()
    {
        foreach (var feed in _feeds.Values)
        {
            await feed.DisposeAsync();
        }
    }

    private Task FollowAsync(string pipeline, Action<TopologyRates> publish, CancellationToken cancellationToken)
    {
        var meter = new TopologyMeter(Window, options.Value.StaleAfter);
        var poll = options.Value.PollInterval;
        return new FeedLoop(database, pipeline, poll, Interval < poll ? Interval : poll, time, logger).RunAsync(
            async stop => publish(meter.Add(await reader.ReadAsync(pipeline, stop))),
            // Whatever the reason is, the page says it elsewhere; here nothing is known.
            (_, _) => publish(TopologyRates.Unknown),
            cancellationToken);
    }
}
