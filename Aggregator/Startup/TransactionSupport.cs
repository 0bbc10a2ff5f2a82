using Confluent.Kafka;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Outbox;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Startup;

/// <summary>
/// Finds out at start whether the broker has transactions, by doing what the relay does first: without them nothing could leave the outbox exactly once.
/// </summary>
internal static class TransactionSupport
{
    /// <summary>One id for all instances and starts, so that clusters need not remember many. It never carries a record.</summary>
    private const string TransactionalId = "streaming-probe";

    private const int LargestMessage = 1024 * 1024;
    private static readonly TimeSpan Attempt = TimeSpan.FromSeconds(5);

    /// <summary>Returns when the broker has answered that it has; waits, with log lines, while it is away.</summary>
    /// <exception cref="UnsupportedBrokerException">It has none, or does not allow them.</exception>
    public static async Task RequireAsync(ProducerConfig user, ILogger logger, CancellationToken cancellationToken)
    {
        var backoff = new Backoff();
        while (await AskAsync(user, logger, cancellationToken) is { } error)
        {
            if (IsMissing(error.Code))
            {
                throw new UnsupportedBrokerException(
                    $"The broker refuses transactions ({error.Code}: {error.Reason}). The outbox needs them: Apache Kafka 0.11 or newer, or one that speaks its "
                    + "transactional protocol, and the right to write with transactional ids that begin with 'streaming-'.");
            }

            if (backoff.Fail())
            {
                AggregatorLog.WaitingForKafka(logger, error.Reason, backoff.Attempts);
            }

            await backoff.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Errors that say so for good; anything else may pass.</summary>
    internal static bool IsMissing(ErrorCode code) => code is ErrorCode.Local_UnsupportedFeature or ErrorCode.UnsupportedVersion
        or ErrorCode.TransactionalIdAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed;

    private static async Task<Error?> AskAsync(ProducerConfig user, ILogger logger, CancellationToken cancellationToken)
    {
        var config = RelayProducer.Configure(user, TransactionalId, LargestMessage, Attempt);
        using var producer = new ProducerBuilder<Null, Null>(config)
            .SetErrorHandler((_, error) => AggregatorLog.ClientSays(logger, error.Reason))
            .SetLogHandler((_, line) => AggregatorLog.ClientSays(logger, line.Message))
            .Build();
        try
        {
            // The client is let go of only after the call: it has a limit of its own.
            await Task.Run(() => producer.InitTransactions(Attempt), cancellationToken);
            return null;
        }
        catch (KafkaException e)
        {
            return e.Error;
        }
    }
}
