using Microsoft.Extensions.Options;
using Npgsql;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Queries;

namespace Streaming.Dashboard.Proof;

/// <summary>The newest minutes both ways, counted while somebody looks, once for all who do.</summary>
public sealed class ProofFeed : IAsyncDisposable
{
    /// <summary>How many minutes are counted live.</summary>
    public const int Minutes = 15;

    /// <summary>Counting may take this part of the database's time at most.</summary>
    private const int ShareOfTime = 8;

    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private readonly NpgsqlDataSource _database;
    private readonly ProofReader _reader;
    private readonly DashboardOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ProofFeed> _logger;

    public ProofFeed(NpgsqlDataSource database, ProofReader reader, IOptions<DashboardOptions> options, TimeProvider time, ILogger<ProofFeed> logger)
    {
        (_database, _reader, _options, _time, _logger) = (database, reader, options.Value, time, logger);
        Live = new WatchedFeed<ProofSnapshot>(ProofSnapshot.Empty, FollowAsync, Linger, time);
    }

    public WatchedFeed<ProofSnapshot> Live { get; }

    public ValueTask DisposeAsync() => Live.DisposeAsync();

    private Task FollowAsync(Action<ProofSnapshot> publish, CancellationToken cancellationToken)
    {
        var snapshot = ProofSnapshot.Empty;
        return new FeedLoop(_database, _options.ProofPipeline, _options.PollInterval, Interval < _options.PollInterval ? Interval : _options.PollInterval, _time, _logger).RunAsync(
            async stop =>
            {
                var started = _time.GetTimestamp();
                publish(snapshot = await CountAsync(snapshot, stop));
                await Task.Delay(_time.GetElapsedTime(started) * (ShareOfTime - 1), _time, stop);
            },
            (condition, reason) => publish(snapshot = snapshot.With(condition, _time.GetUtcNow(), reason)),
            cancellationToken);
    }

    private async Task<ProofSnapshot> CountAsync(ProofSnapshot before, CancellationToken cancellationToken)
    {
        try
        {
            var table = await _reader.NewestAsync(Minutes, cancellationToken);
            return before.With(FeedCondition.Live, _time.GetUtcNow(), null) with { Table = table };
        }
        catch (RangeTooLargeException)
        {
            return before.With(FeedCondition.Failing, _time.GetUtcNow(), $"The last {Minutes} minutes hold too many keys to be shown both ways.");
        }
    }
}
