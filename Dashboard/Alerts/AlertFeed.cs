using Microsoft.Extensions.Options;
using Npgsql;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Alerts;

/// <summary>
/// The alerts of all pipelines, live: read while somebody looks, once for all who do, after checkpoints but at most every two seconds; handed out when something has
/// changed.
/// </summary>
public sealed class AlertFeed : IAsyncDisposable
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly NpgsqlDataSource _database;
    private readonly AlertHistory _reader;
    private readonly DashboardOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<AlertFeed> _logger;

    public AlertFeed(NpgsqlDataSource database, AlertHistory reader, IOptions<DashboardOptions> options, TimeProvider time, ILogger<AlertFeed> logger)
    {
        (_database, _reader, _options, _time, _logger) = (database, reader, options.Value, time, logger);
        Live = new WatchedFeed<AlertsSnapshot>(AlertsSnapshot.Empty, FollowAsync, Linger, time);
    }

    /// <summary>What fires now, and what did lately.</summary>
    public WatchedFeed<AlertsSnapshot> Live { get; }

    public ValueTask DisposeAsync() => Live.DisposeAsync();

    private Task FollowAsync(Action<AlertsSnapshot> publish, CancellationToken cancellationToken)
    {
        var shown = AlertsSnapshot.Empty;
        void Show(AlertsSnapshot snapshot)
        {
            if (!snapshot.ShowsSameAs(shown) || ReferenceEquals(shown, AlertsSnapshot.Empty))
            {
                publish(shown = snapshot);
            }
        }

        var interval = _options.MinReadInterval > Interval ? _options.MinReadInterval : Interval < _options.PollInterval ? Interval : _options.PollInterval;
        return new FeedLoop(_database, null, _options.PollInterval, interval, _time, _logger).RunAsync(
            async stop =>
            {
                var (count, rows) = await _reader.NowAsync(stop);
                Show(new AlertsSnapshot(new FeedHealth(FeedCondition.Live, _time.GetUtcNow()), count, rows));
            },
            (condition, reason) => Show(shown.With(condition, _time.GetUtcNow(), reason)),
            cancellationToken);
    }
}
