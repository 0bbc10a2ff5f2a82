using Microsoft.Extensions.Options;
using Npgsql;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Devices;

/// <summary>All devices and what is known of each last: read once for all browsers, while one of them shows the page.</summary>
public sealed class Fleet : IAsyncDisposable
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(30);

    // Thousands of rows change every few seconds: a table that moves once a second can still be read.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // The newest connected period of each device; a new one's start is unknown until then.
    private static readonly TimeSpan AllInterval = TimeSpan.FromSeconds(30);

    private readonly NpgsqlDataSource _database;
    private readonly FleetReader _reader;
    private readonly TimeProvider _time;
    private readonly TimeSpan _pollInterval;
    private readonly ILogger<Fleet> _logger;

    public Fleet(NpgsqlDataSource database, FleetReader reader, IOptions<DashboardOptions> options, TimeProvider time, ILogger<Fleet> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_database, _reader, _time, _pollInterval, _logger) = (database, reader, time, options.Value.PollInterval, logger);
        Feed = new WatchedFeed<FleetSnapshot>(FleetSnapshot.Empty, FollowAsync, Linger, time);
    }

    /// <summary>The devices.</summary>
    public WatchedFeed<FleetSnapshot> Feed { get; }

    public ValueTask DisposeAsync() => Feed.DisposeAsync();

    private Task FollowAsync(Action<FleetSnapshot> publish, CancellationToken cancellationToken)
    {
        var state = new FleetState();
        PipelineInfo? seen = null;
        long? readAllAt = null;
        var loop = new FeedLoop(_database, FleetReader.Pipeline, _pollInterval, Interval < _pollInterval ? Interval : _pollInterval, _time, _logger);
        return loop.RunAsync(
            async stop =>
            {
                var isDue = readAllAt is not { } at || _time.GetElapsedTime(at) > AllInterval;
                var asked = _time.GetTimestamp();
                var answer = await _reader.ReadAsync(isDue ? null : seen, stop);
                (seen, readAllAt) = (answer.Info, answer.Periods is null ? readAllAt : asked);
                publish(state.Apply(answer, _time.GetUtcNow()));
            },
            (condition, reason) => publish(state.Report(condition, _time.GetUtcNow(), reason)),
            cancellationToken);
    }
}
