using Confluent.Kafka;
using Streaming.Aggregator.Pipelines;

namespace Streaming.Aggregator.Consuming;

/// <summary>
/// The idle rule: a running partition whose end was reached after the last record (an end-of-partition event), that has been silent for the idle
/// timeout, and whose end the broker confirms, has its watermark advanced to now − out-of-orderness − idle timeout. Consumer's thread.
/// </summary>
internal sealed class IdleWatch(PipelineDefinition pipeline, AggregatorOptions options, ILogEnds logEnds, Mailbox mailbox, TimeProvider time)
{
    /// <summary>A silent partition's watermark moves in steps of at least this much: each is a question to the broker and a checkpoint.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

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
            end =>
            {
                idle.IsConfirming = false;
                if (end is not null && partition.Reader == reader && partition.Idle == idle && idle.EndOffset is { } seen && seen == end && seen == reader.ReadOffset)
                {
                    reader.Mark((instant - pipeline.Windows.OutOfOrderness - options.IdleTimeout).ToUnixTimeMilliseconds());
                }
            },
            partition.ClaimEnds);
    }

    private async Task<long?> FindEndAsync(TopicPartition partition, CancellationToken cancellationToken)
    {
        try
        {
            return (await logEnds.FindAsync(partition, cancellationToken)).End;
        }
        catch (KafkaException e) when (!e.Error.IsFatal)
        {
            // No confirmation, no mark; the next step asks again.
            return null;
        }
    }
}
