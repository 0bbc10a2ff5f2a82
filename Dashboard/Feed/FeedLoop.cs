using Npgsql;

namespace Streaming.Dashboard.Feed;

/// <summary>
/// Asks the database after every notified checkpoint, after every (re)connect, and every few seconds anyway, and says how that goes.
/// </summary>
/// <param name="database">Where to ask.</param>
/// <param name="pipeline">Whose checkpoints it waits for; null for all.</param>
/// <param name="pollInterval">It asks at least this often.</param>
/// <param name="minReadInterval">And at most this often.</param>
internal sealed partial class FeedLoop(NpgsqlDataSource database, string? pipeline, TimeSpan pollInterval, TimeSpan minReadInterval, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);
    private TimeSpan _retry = FirstRetry;

    /// <summary>Runs until it is cancelled, which is its only regular end.</summary>
    /// <param name="ask">Asks once and hands out what it learns.</param>
    /// <param name="report">Hands out that nothing can be learned at the moment, and why.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Func<CancellationToken, Task> ask, Action<FeedCondition, string?> report, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(ask, report, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException)
            {
                FeedTelemetry.ConnectionLost();
                var (condition, reason) = FeedFailure.Of(e);
                LogLost(logger, e, pipeline ?? "all pipelines", _retry);
                report(condition, reason);
                await Task.Delay(_retry, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                _retry = _retry * 2 < LongestRetry ? _retry * 2 : LongestRetry;
            }
            catch (Exception e)
            {
                // What is in the database makes no sense to this version: say so where it is looked at, and let the fault end the task.
                LogFailed(logger, e, pipeline ?? "all pipelines");
                report(FeedCondition.Failing, "What is stored cannot be read by this version of the Dashboard; its log has the details.");
                throw;
            }
        }
    }

    /// <summary>Listens first and asks then, so that no checkpoint falls between the two.</summary>
    private async Task FollowAsync(Func<CancellationToken, Task> ask, Action<FeedCondition, string?> report, CancellationToken cancellationToken)
    {
        await using var listener = await CheckpointListener.OpenAsync(database, pipeline, cancellationToken);
        while (true)
        {
            var asked = time.GetTimestamp();
            try
            {
                await ask(cancellationToken);
                _retry = FirstRetry;
            }
            catch (PostgresException e) when (FeedFailure.IsMissingTable(e))
            {
                report(FeedCondition.WaitingForTables, null);
            }

            await listener.WaitAsync(pollInterval, cancellationToken);
            var early = minReadInterval - time.GetElapsedTime(asked);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, time, cancellationToken);
            }
        }
    }

    [LoggerMessage(3020, LogLevel.Warning, "Lost the database while following {Pipeline}; trying again in {Retry}")]
    private static partial void LogLost(ILogger logger, Exception exception, string pipeline, TimeSpan retry);

    [LoggerMessage(3021, LogLevel.Error, "Cannot follow {Pipeline}")]
    private static partial void LogFailed(ILogger logger, Exception exception, string pipeline);
}
