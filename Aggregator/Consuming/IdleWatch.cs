using Confluent.Kafka;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Consuming;

/// <summary>
/// The idle rule: a running partition whose end was reached after the last record (an end-of-partition event), that has been silent for the idle
/// timeout, and whose end the broker confirms, has its watermark advanced to now − out-of-orderness − idle timeout. Consumer's thread.
/// </summary>
internal sealed class IdleWatch(PipelineDefinition pipeline, AggregatorOptions options, ILogEnds logEnds, Mailbox mailbox, TimeProvider time, ILogger logger)
{
    /// <summary>A silent partition's watermark moves in steps of at least this much: each is a question to the broker and a checkpoint.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(30);

    private long? _reportedAt;

    public void Look(IEnumerable<AssignedPartition> running)
    {
        var now = time.GetTimestamp();
        foreach (var partition in running)
        {
            if (IsSilent(partition, now))
            {
                Ask(partition, now);
            }
        }
    }

    private bool IsSilent(AssignedPartition partition, long now) =>
        partition is { Reader: { } reader, Idle: { IsConfirming: false, EndOffset: { } end } idle }
        && end == reader.ReadOffset
        && time.GetElapsedTime(idle.Since, now) >= options.IdleTimeout
        && (idle.AskedAt is not { } asked || time.GetElapsedTime(asked, now) >= Step);

    private void Ask(AssignedPartition partition, long now)
    {
        var (reader, idle) = (partition.Reader!, partition.Idle);
        // The instant before the question: an event that the broker appends after it can only be later than the mark.
        var instant = time.GetUtcNow();
        (idle.IsConfirming, idle.AskedAt) = (true, now);
        mailbox.Run(
            cancellationToken => FindEndAsync(partition.TopicPartition, cancellationToken),
            answer =>
            {
                var (end, failure) = answer;
                idle.IsConfirming = false;
                Report(partition, failure, now);
                if (end is not null && partition.Reader == reader && partition.Idle == idle && idle.EndOffset is { } seen && seen == end && seen == reader.ReadOffset)
                {
                    reader.Mark((instant - pipeline.Windows.OutOfOrderness - options.IdleTimeout).ToUnixTimeMilliseconds());
                }
            },
            partition.ClaimEnds);
    }

    /// <summary>While the broker does not say where the log ends, silent partitions' windows stay open; that is said, but not every second.</summary>
    private void Report(AssignedPartition partition, KafkaException? failure, long now)
    {
        if (failure is not null && (_reportedAt is not { } at || time.GetElapsedTime(at, now) >= ReportInterval))
        {
            _reportedAt = now;
            AggregatorLog.KafkaSays(logger, $"partition {partition.Number} is silent and its end cannot be asked for: {failure.Error.Reason}", failure.Error.Code);
        }
    }

    private async Task<(long? End, KafkaException? Failure)> FindEndAsync(TopicPartition partition, CancellationToken cancellationToken)
    {
        try
        {
            return (await logEnds.FindQuietEndAsync(partition, cancellationToken), null);
        }
        catch (KafkaException e) when (!e.Error.IsFatal)
        {
            // No confirmation, no mark; the next step asks again.
            return (null, e);
        }
    }
}
