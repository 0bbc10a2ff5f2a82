using Streaming.Cluster;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Kafka;

/// <summary>Asks the cluster again and again while somebody looks, and says how that goes.</summary>
internal sealed partial class KafkaLoop(SharedCluster cluster, TimeSpan interval, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(10);

    /// <summary>Runs until it is cancelled, which is its only regular end.</summary>
    /// <param name="what">What is followed, for the log.</param>
    /// <param name="ask">Asks once and hands out what it learns.</param>
    /// <param name="report">Hands out that nothing can be learned at the moment, and why.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(string what, Func<SharedCluster.Lease, CancellationToken, Task> ask, Action<FeedCondition, string?> report, CancellationToken cancellationToken)
    {
        var retry = interval;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var lease = cluster.Rent();
                while (true)
                {
                    await ask(lease, cancellationToken);
                    retry = interval;
                    await Task.Delay(interval, time, cancellationToken);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (ClusterException exception)
            {
                LogLost(logger, exception, what, retry);
                report(exception.Failure == ClusterFailure.Unreachable ? FeedCondition.Reconnecting : FeedCondition.Failing, exception.Message);
                await Task.Delay(retry, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                retry = retry * 2 < LongestRetry ? retry * 2 : LongestRetry;
            }
            catch (Exception exception)
            {
                LogFailed(logger, exception, what);
                report(FeedCondition.Failing, "The Dashboard cannot make sense of what the cluster answers; its log has the details.");
                throw;
            }
        }
    }

    [LoggerMessage(3071, LogLevel.Warning, "Cannot ask Kafka for {What}; trying again in {Retry}")]
    private static partial void LogLost(ILogger logger, Exception exception, string what, TimeSpan retry);

    [LoggerMessage(3072, LogLevel.Error, "Cannot follow {What}")]
    private static partial void LogFailed(ILogger logger, Exception exception, string what);
}
