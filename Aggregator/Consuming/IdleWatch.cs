using Confluent.Kafka;
using Streaming.Aggregator.Enrichment;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Consuming;

/// <summary>
/// The idle rule: a running partition whose end was reached after the last record (an end-of-partition event), that has been silent for the idle
/// timeout, and whose end the broker confirms, has its watermark advanced to now − out-of-orderness − idle timeout. Not while a stage that
/// publishes the topic is further behind its source than the idle timeout: what it publishes then would be late. Consumer's thread.
/// </summary>
/// <param name="pipeline">Whose windows wait.</param>
/// <param name="options">The idle timeout.</param>
/// <param name="logEnds">Confirms ends.</param>
/// <param name="stages">How far the stages are that publish topics; null where there are none.</param>
/// <param name="mailbox">Brings the answers back.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Is told why no mark is made.</param>
internal sealed class IdleWatch(
    PipelineDefinition pipeline, AggregatorOptions options, ILogEnds logEnds, IStagesBefore? stages, Mailbox mailbox, TimeProvider time, ILogger logger)
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
            cancellationToken => FindEndAsync(partition.TopicPartition, instant - options.IdleTimeout, cancellationToken),
            answer =>
            {
                idle.IsConfirming = false;
                Report(partition, answer, now);
                if (answer.End is { } end && partition.Reader == reader && partition.Idle == idle && idle.EndOffset is { } seen && seen == end && seen == reader.ReadOffset)
                {
                    reader.Mark((instant - pipeline.Windows.OutOfOrderness - options.IdleTimeout).ToUnixTimeMilliseconds());
                }
            },
            partition.ClaimEnds);
    }

    /// <summary>Why silent partitions' windows stay open is said, but not every second.</summary>
    private void Report(AssignedPartition partition, Answer answer, long now)
    {
        if (answer is { Failure: null, Behind: null } || (_reportedAt is { } at && time.GetElapsedTime(at, now) < ReportInterval))
        {
            return;
        }

        _reportedAt = now;
        if (answer.Failure is { } failure)
        {
            AggregatorLog.KafkaSays(logger, $"partition {partition.Number} is silent and its end cannot be asked for: {failure.Error.Reason}", failure.Error.Code);
        }
        else
        {
            AggregatorLog.StageBehind(logger, pipeline.Name, partition.TopicPartition.Topic, answer.Behind!);
        }
    }

    /// <param name="partition">The silent partition.</param>
    /// <param name="published">What had come into the stages' sources by then must be in the topic.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private async Task<Answer> FindEndAsync(TopicPartition partition, DateTimeOffset published, CancellationToken cancellationToken)
    {
        try
        {
            // The stages first: what they have published lies before the end that is asked for next, or in a transaction that has not ended.
            var found = stages is null ? PublishedUntil.None : await stages.FindAsync(partition.Topic, cancellationToken);
            return found is not { } known ? new Answer(null, null, null)
                : known.Until < published ? new Answer(null, known.Slowest, null)
                : new Answer(await logEnds.FindQuietEndAsync(partition, cancellationToken), null, null);
        }
        catch (KafkaException e) when (!e.Error.IsFatal)
        {
            // No confirmation, no mark; the next step asks again.
            return new Answer(null, null, e);
        }
    }

    /// <param name="End">Where the silent partition ends; null: no mark.</param>
    /// <param name="Behind">The pipeline whose stage is behind.</param>
    /// <param name="Failure">Why it cannot be known.</param>
    private sealed record Answer(long? End, string? Behind, KafkaException? Failure);
}
