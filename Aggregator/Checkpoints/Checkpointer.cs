using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>What became of a checkpoint.</summary>
/// <param name="Written">New version of each partition whose change is in the database.</param>
/// <param name="Claimed">Partitions that another instance owns now.</param>
/// <param name="Replaced">Partitions of a topic that has been deleted, or created anew under its name.</param>
internal sealed record CheckpointResult(
    IReadOnlyDictionary<InputPartition, long> Written,
    IReadOnlyList<InputPartition> Claimed,
    IReadOnlyList<InputPartition> Replaced);

/// <summary>
/// Brings a checkpoint into the database, however long that takes: while PostgreSQL or the broker is away it tries again; partitions that turn
/// out to be lost are taken out and the rest is written.
/// </summary>
internal sealed class Checkpointer(
    CheckpointStore store, ITopicIdentity topics, AggregatorTelemetry telemetry, ConsumptionStatus status, ILogger logger)
{
    /// <summary>The consumer group and the client that the records came through, for the span.</summary>
    public (string Group, string Client)? Source { get; init; }

    /// <exception cref="OperationCanceledException">Given up; the outcome is not known and does not matter.</exception>
    /// <exception cref="CheckpointInvariantException">The stored results contradict the change.</exception>
    public async Task<CheckpointResult> WriteAsync(IReadOnlyList<PartitionChange> changes, CancellationToken cancellationToken)
    {
        using var span = CheckpointSpan.Start(changes, Source?.Group, Source?.Client);
        try
        {
            return await WriteAsync(changes, span, cancellationToken);
        }
        catch (Exception e) when (span is not null)
        {
            span.Fail(e);
            throw;
        }
    }

    private async Task<CheckpointResult> WriteAsync(IReadOnlyList<PartitionChange> changes, Activity? span, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var attempt = new Attempt(changes);
        var backoff = new Backoff();
        var traceParent = Spans.TraceParentOf(span);
        while (attempt.Changes.Count > 0 && !await TryAsync(attempt, backoff, traceParent, cancellationToken))
        {
            await backoff.WaitAsync(cancellationToken);
        }

        status.CheckpointsGoThrough();
        if (backoff.Attempts > 0)
        {
            AggregatorLog.CheckpointsGoOn(logger, backoff.Attempts);
        }

        if (attempt.Changes.Count == 0)
        {
            span?.Fail("claimed", "Its partitions are another instance's, or of a topic that was replaced: nothing is written.");
        }

        telemetry.CheckpointDone(Stopwatch.GetElapsedTime(started), attempt.Changes);
        return attempt.Result();
    }

    /// <summary>True when there is nothing left to do.</summary>
    private async Task<bool> TryAsync(Attempt attempt, Backoff backoff, string? traceParent, CancellationToken cancellationToken)
    {
        try
        {
            if (attempt.IsUnknown && await FindOutcomeAsync(attempt, cancellationToken))
            {
                return true;
            }

            await WriteOnceAsync(attempt, traceParent, cancellationToken);
            return true;
        }
        catch (PartitionClaimedException e)
        {
            telemetry.GuardRefused(attempt.Of(e.Partitions));
            AggregatorLog.PartitionsClaimed(logger, e.Partitions);
            attempt.TakeOutClaimed(e.Partitions);
            return attempt.Changes.Count == 0;
        }
        catch (TopicReplacedException e)
        {
            AggregatorLog.TopicReplaced(logger, e.Topic, e.Was, e.Now);
            attempt.TakeOutReplaced(e.Was);
            return attempt.Changes.Count == 0;
        }
        catch (CheckpointOutcomeUnknownException e)
        {
            attempt.IsUnknown = true;
            Report(attempt, backoff, e);
            return false;
        }
        catch (Exception e) when (CheckpointErrors.MayPass(e) || e is KafkaException { Error.IsFatal: false })
        {
            cancellationToken.ThrowIfCancellationRequested();
            Report(attempt, backoff, e);
            return false;
        }
    }

    private async Task WriteOnceAsync(Attempt attempt, string? traceParent, CancellationToken cancellationToken)
    {
        // Asked after the last record of this checkpoint was read: the answer holds for all of them. It travels while the rows are written.
        var verified = VerifyTopicsAsync(attempt.Changes, cancellationToken);
        try
        {
            attempt.Versions = await store.WriteAsync(attempt.Changes, traceParent, verified, cancellationToken);
        }
        finally
        {
            await verified.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task<bool> FindOutcomeAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        var outcome = await store.FindOutcomeAsync(attempt.Changes, cancellationToken);
        attempt.IsUnknown = false;
        telemetry.GuardRefused(attempt.Of(outcome.Claimed));
        attempt.TakeOutClaimed(outcome.Claimed);
        if (outcome.IsWritten)
        {
            attempt.Versions = [.. attempt.Changes.Select(change => change.FromVersion + 1)];
        }

        return outcome.IsWritten || attempt.Changes.Count == 0;
    }

    private async Task VerifyTopicsAsync(IReadOnlyList<PartitionChange> changes, CancellationToken cancellationToken)
    {
        foreach (var (name, id) in changes.Select(change => (change.Partition.Topic, change.Partition.TopicId)).Distinct())
        {
            var now = await topics.FindAsync(name, cancellationToken);
            if (now != id)
            {
                throw new TopicReplacedException(name, id, now);
            }
        }
    }

    private void Report(Attempt attempt, Backoff backoff, Exception e)
    {
        status.CheckpointFails(e.Message);
        telemetry.CheckpointFailed(attempt.Changes[0].Partition);
        if (backoff.Fail())
        {
            AggregatorLog.CheckpointFails(logger, backoff.Attempts, e.Message);
            Activity.Current?.AddException(e);
        }
    }

    /// <summary>What is still to be written, and what has fallen out.</summary>
    private sealed class Attempt(IReadOnlyList<PartitionChange> changes)
    {
        private readonly List<InputPartition> _claimed = [];
        private readonly List<InputPartition> _replaced = [];

        public IReadOnlyList<PartitionChange> Changes { get; private set; } = changes;

        public IReadOnlyList<long> Versions { get; set; } = [];

        public bool IsUnknown { get; set; }

        /// <summary>The changes of these partitions.</summary>
        public IReadOnlyList<PartitionChange> Of(IReadOnlyList<InputPartition> partitions) => [.. Changes.Where(change => partitions.Contains(change.Partition))];

        public void TakeOutClaimed(IReadOnlyList<InputPartition> partitions)
        {
            _claimed.AddRange(partitions);
            Changes = [.. Changes.Where(change => !partitions.Contains(change.Partition))];
        }

        public void TakeOutReplaced(Guid topicId)
        {
            _replaced.AddRange(Changes.Where(change => change.Partition.TopicId == topicId).Select(change => change.Partition));
            Changes = [.. Changes.Where(change => change.Partition.TopicId != topicId)];
        }

        public CheckpointResult Result() => new(
            Changes.Zip(Versions).ToDictionary(pair => pair.First.Partition, pair => pair.Second), _claimed, _replaced);
    }
}

/// <summary>The topic behind a name is not the one that the records were read from.</summary>
internal sealed class TopicReplacedException(string topic, Guid was, Guid? now) : Exception($"Topic '{topic}' was {was} and is {now}.")
{
    public string Topic { get; } = topic;

    public Guid Was { get; } = was;

    public Guid? Now { get; } = now;
}
