using Microsoft.Extensions.Options;
using Npgsql;

namespace Streaming.Dashboard.Feed;

/// <summary>
/// The one connection between the database and all browsers. It asks what is new after every notified checkpoint, after every (re)connect,
/// and every few seconds anyway, and publishes what it learns.
/// </summary>
public sealed partial class WindowFeed(
    NpgsqlDataSource database,
    FeedReader reader,
    FeedHub hub,
    IOptions<DashboardOptions> options,
    TimeProvider time,
    ILogger<WindowFeed> logger) : BackgroundService
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    private readonly FeedState _state = new(options.Value.Horizon, options.Value.MaxWindows);
    private TimeSpan _retry = FirstRetry;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException)
            {
                Lost(e);
                await Task.Delay(_retry, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                _retry = _retry * 2 < LongestRetry ? _retry * 2 : LongestRetry;
            }
        }
    }

    /// <summary>Listens first and asks then, so that no checkpoint falls between the two.</summary>
    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await using var listener = await CheckpointListener.OpenAsync(database, options.Value.Pipeline, cancellationToken);
        while (true)
        {
            var asked = time.GetTimestamp();
            await AskAsync(cancellationToken);
            await listener.WaitAsync(options.Value.PollInterval, cancellationToken);
            var early = options.Value.MinReadInterval - time.GetElapsedTime(asked);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, time, cancellationToken);
            }
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            var before = _state.Snapshot;
            var changes = await reader.ReadAsync(_state.Cursor, cancellationToken);
            var snapshot = _state.Apply(changes, time.GetUtcNow());
            Publish(before, snapshot);
            _retry = FirstRetry;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            if (_state.Snapshot.Health.Condition != FeedCondition.WaitingForTables)
            {
                LogNoTables(logger, e.MessageText);
            }

            hub.Publish(_state.Report(FeedCondition.WaitingForTables, time.GetUtcNow(), null));
        }
    }

    private void Publish(FeedSnapshot before, FeedSnapshot snapshot)
    {
        if (before.Health.Condition != FeedCondition.Live)
        {
            LogConnected(logger, snapshot.Generation, snapshot.Partitions.Length);
        }
        else if (before.Generation != snapshot.Generation)
        {
            LogGeneration(logger, before.Generation, snapshot.Generation);
        }

        using var push = PushSpan.Start(options.Value.Pipeline, before, snapshot);
        hub.Publish(snapshot);
        FeedTelemetry.RecordPush(options.Value.Pipeline, before, snapshot, hub.Count);
    }

    private void Lost(Exception e)
    {
        FeedTelemetry.ConnectionLost();
        var (condition, reason) = FeedFailure.Of(e);
        LogLost(logger, e, _retry);
        hub.Publish(_state.Report(condition, time.GetUtcNow(), reason));
    }

    [LoggerMessage(3001, LogLevel.Information, "Following the database: generation {Generation}, {Partitions} partitions")]
    private static partial void LogConnected(ILogger logger, int? generation, int partitions);

    [LoggerMessage(3002, LogLevel.Information, "The pipeline went from generation {Before} to {After}: loaded again")]
    private static partial void LogGeneration(ILogger logger, int? before, int? after);

    [LoggerMessage(3003, LogLevel.Information, "The tables are not there yet ({Message}): waiting for the Aggregator to make them")]
    private static partial void LogNoTables(ILogger logger, string message);

    [LoggerMessage(3004, LogLevel.Warning, "Lost the database; trying again in {Retry}")]
    private static partial void LogLost(ILogger logger, Exception exception, TimeSpan retry);
}
