using Microsoft.Extensions.Options;
using Npgsql;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Traces;

/// <summary>The newest sampled sales: read while somebody looks, once for all who do, at most every two seconds; handed out when there is a new one.</summary>
public sealed class SampledFeed : IAsyncDisposable
{
    /// <summary>Read, so that there are some of a single store among them.</summary>
    internal const int Most = 100;

    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly NpgsqlDataSource _database;
    private readonly SampledReader _reader;
    private readonly DashboardOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<SampledFeed> _logger;

    public SampledFeed(NpgsqlDataSource database, SampledReader reader, IOptions<DashboardOptions> options, TimeProvider time, ILogger<SampledFeed> logger)
    {
        (_database, _reader, _options, _time, _logger) = (database, reader, options.Value, time, logger);
        Live = new WatchedFeed<SampledSnapshot>(SampledSnapshot.Empty, FollowAsync, Linger, time);
    }

    public WatchedFeed<SampledSnapshot> Live { get; }

    public ValueTask DisposeAsync() => Live.DisposeAsync();

    private Task FollowAsync(Action<SampledSnapshot> publish, CancellationToken cancellationToken)
    {
        var shown = SampledSnapshot.Empty;
        void Show(SampledSnapshot snapshot)
        {
            var isNew = snapshot.Health.Condition != shown.Health.Condition || snapshot.Events is null != shown.Events is null
                || (snapshot.Events is { } now && !now.SequenceEqual(shown.Events!.Value));
            if (isNew)
            {
                publish(shown = snapshot);
            }
        }

        var interval = Interval < _options.PollInterval ? Interval : _options.PollInterval;
        return new FeedLoop(_database, _options.Pipeline, _options.PollInterval, interval, _time, _logger).RunAsync(
            async stop => Show(new SampledSnapshot(new FeedHealth(FeedCondition.Live, _time.GetUtcNow()), await _reader.NewestAsync(_options.Pipeline, Most, stop))),
            (condition, reason) => Show(shown with { Health = new FeedHealth(condition, _time.GetUtcNow(), reason) }),
            cancellationToken);
    }
}
