using Confluent.Kafka;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Consuming;

/// <summary>A claim, and what the log holds.</summary>
/// <param name="Claim">What is owned now.</param>
/// <param name="LogStart">First offset in the log.</param>
/// <param name="LogEnd">Offset after the last one.</param>
internal sealed record ClaimedLog(Claim Claim, long LogStart, long LogEnd)
{
    /// <summary>Events between the progress and what the log still (or yet) holds are missing.</summary>
    public bool HasGap => Claim.NextOffset < LogStart || Claim.NextOffset > LogEnd;
}

/// <summary>Claims an assigned partition in the background, for as long as it takes.</summary>
internal sealed class PartitionClaimer(
    PipelineDefinition pipeline, int generation, ClaimStore claims, ITopicIdentity topics, ILogEnds logEnds, ILogger logger)
{
    /// <exception cref="OperationCanceledException">The assignment has ended.</exception>
    /// <exception cref="UnsupportedBrokerException">The broker gives topics no ids.</exception>
    public async Task<ClaimedLog> ClaimAsync(TopicPartition partition, CancellationToken cancellationToken)
    {
        var backoff = new Backoff();
        while (true)
        {
            try
            {
                return await ClaimOnceAsync(partition, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && (CheckpointErrors.MayPass(e) || e is KafkaException { Error.IsFatal: false } or GenerationRetiredException))
            {
                if (backoff.Fail())
                {
                    AggregatorLog.ClaimFails(logger, partition.Partition.Value, e.Message, backoff.Attempts);
                }
            }

            await backoff.WaitAsync(cancellationToken);
        }
    }

    private async Task<ClaimedLog> ClaimOnceAsync(TopicPartition partition, CancellationToken cancellationToken)
    {
        var id = await topics.FindAsync(partition.Topic, cancellationToken)
            ?? throw new KafkaException(new Error(ErrorCode.UnknownTopicOrPart, $"there is no topic '{partition.Topic}'"));
        var (start, end) = await logEnds.FindAsync(partition, cancellationToken);
        var input = new InputPartition(pipeline.Name, generation, id, partition.Topic, partition.Partition.Value);
        return new ClaimedLog(await claims.ClaimAsync(input, start, pipeline.Windows, pipeline.Measures, cancellationToken), start, end);
    }
}
