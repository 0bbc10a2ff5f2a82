using Microsoft.Extensions.Options;
using Npgsql;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Shop;

/// <summary>
/// What the shop's page shows, live: the feeds of its pipelines and the ticker, put together to one. It is read while somebody looks, once per checkpoint for all
/// who do.
/// </summary>
public sealed class ShopFeed : IAsyncDisposable
{
    /// <summary>The pipeline with windows per product, which also keeps the changes themselves.</summary>
    public const string Prices = "prices-by-product";

    /// <summary>The pipeline with windows per category.</summary>
    public const string Categories = "prices-by-category";

    /// <summary>The kinds of windows.</summary>
    public const string Minute = "1m", Quarter = "15m/1m", Hour = "1h";

    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(15);

    private readonly PipelineFeeds _pipelines;
    private readonly TickReader _ticks;
    private readonly NpgsqlDataSource _database;
    private readonly DashboardOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ShopFeed> _logger;

    public ShopFeed(PipelineFeeds pipelines, TickReader ticks, NpgsqlDataSource database, IOptions<DashboardOptions> options, TimeProvider time, ILogger<ShopFeed> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_pipelines, _ticks, _database, _options, _time, _logger) = (pipelines, ticks, database, options.Value, time, logger);
        Live = new WatchedFeed<ShopSnapshot>(ShopSnapshot.Empty, FollowAsync, Linger, time);
    }

    /// <summary>The newest of everything.</summary>
    public WatchedFeed<ShopSnapshot> Live { get; }

    public ValueTask DisposeAsync() => Live.DisposeAsync();

    private async Task FollowAsync(Action<ShopSnapshot> publish, CancellationToken cancellationToken)
    {
        // A part that fails takes the others with it, so that the next visitor begins all of them anew.
        using var together = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var newest = new Newest(publish);
        Task[] parts =
        [
            FollowAsync(_pipelines.Of(Prices, Minute), snapshot => newest.Change(shop => shop with { Minutes = snapshot }), together.Token),
            FollowAsync(_pipelines.Of(Prices, Quarter), snapshot => newest.Change(shop => shop with { Hopping = snapshot }), together.Token),
            FollowAsync(_pipelines.Of(Categories, Minute), snapshot => newest.Change(shop => shop with { Categories = snapshot }), together.Token),
            FollowTicksAsync(newest, together.Token),
        ];
        await Task.WhenAny(parts);
        await together.CancelAsync();
        await Task.WhenAll(parts);
    }

    private static async Task FollowAsync(WatchedFeed<PipelineSnapshot> feed, Action<PipelineSnapshot> take, CancellationToken cancellationToken)
    {
        using var subscription = feed.Subscribe();
        while (!cancellationToken.IsCancellationRequested)
        {
            take(await subscription.NextAsync(cancellationToken));
        }
    }

    private Task FollowTicksAsync(Newest newest, CancellationToken cancellationToken)
    {
        var (ticker, labels, hasNames) = (Ticker.Empty, ProductLabels.Empty, false);
        return new FeedLoop(_database, Prices, _options.PollInterval, _options.MinReadInterval, _time, _logger).RunAsync(
            async stop =>
            {
                if (!hasNames)
                {
                    (labels, hasNames) = (labels.With(await _ticks.NamesAsync(Prices, stop)), true);
                }

                var former = ticker;
                var read = await _ticks.NewestAsync(Prices, ticker, stop);
                ticker = ticker.With(read);
                labels = ReferenceEquals(former, ticker) ? labels : labels.With(ticker.Ticks.Take(read.Length).Reverse());
                newest.Report(FeedCondition.Live, null, _time.GetUtcNow(), shop => shop with { Ticker = ticker, Labels = labels });
            },
            (condition, reason) => newest.Report(condition, reason, _time.GetUtcNow(), shop => shop),
            cancellationToken);
    }

    /// <summary>The newest snapshot; its parts come from several tasks.</summary>
    private sealed class Newest(Action<ShopSnapshot> publish)
    {
        private readonly Lock _lock = new();
        private ShopSnapshot _shop = ShopSnapshot.Empty;

        public void Change(Func<ShopSnapshot, ShopSnapshot> change)
        {
            // Published under the lock: a later one must not be overtaken by an earlier one.
            lock (_lock)
            {
                publish(_shop = change(_shop));
            }
        }

        public void Report(FeedCondition condition, string? reason, DateTimeOffset now, Func<ShopSnapshot, ShopSnapshot> change) => Change(shop => change(shop) with
        {
            TickerHealth = new FeedHealth(condition, shop.TickerHealth.Condition == condition ? shop.TickerHealth.Since : now, reason),
        });
    }
}
