using Confluent.Kafka;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Consuming;

/// <summary>When checkpoints are taken, one at a time, and what their answers change in memory. Consumer's thread.</summary>
internal sealed class CheckpointCycle(
    PipelineDefinition pipeline,
    AggregatorOptions options,
    Assignments assignments,
    Checkpointer checkpointer,
    Recall recall,
    Mailbox mailbox,
    TimeProvider time,
    ILogger logger,
    CancellationToken stopping)
{
    private static readonly TimeSpan SlowRecall = TimeSpan.FromSeconds(1);

    private Task? _inFlight;
    private long _lastTaken = time.GetTimestamp();
    private long _recallStarted;

    /// <summary>Evicted rows are being loaded, and nothing must be added to windows until they are there.</summary>
    public bool IsRecalling { get; private set; }

    /// <summary>That takes so long that the group must not be kept waiting.</summary>
    public bool IsRecallSlow => IsRecalling && time.GetElapsedTime(_recallStarted) > SlowRecall;

    /// <summary>Bytes of late and rejected records that a checkpoint under way holds.</summary>
    public long InFlightBytes { get; private set; }

    /// <summary>Partitions and offsets that have been committed since the last call, for the group's lag.</summary>
    public Dictionary<TopicPartition, long> NewlyCommitted { get; } = [];

    /// <summary>Takes a checkpoint if one is due, none is under way and something has moved.</summary>
    public void TakeIfDue(IConsumer<byte[], byte[]> consumer)
    {
        if (_inFlight is not null || time.GetElapsedTime(_lastTaken) < options.CheckpointInterval)
        {
            return;
        }

        _lastTaken = time.GetTimestamp();
        var moved = assignments.Running.Where(partition => partition.Reader!.HasMoved).ToList();
        if (moved.Count == 0)
        {
            return;
        }

        if (Recall.Asked(moved) is { Count: > 0 } asked)
        {
            BeginRecall(asked);
            return;
        }

        var (taken, traces) = Take(moved, consumer);
        InFlightBytes = taken.Sum(t => t.Change.Outgoing.Sum(message => (long)message.Size));
        _inFlight = mailbox.Run(
            cancellationToken => checkpointer.WriteAsync([.. taken.Select(t => t.Change)], traces, cancellationToken),
            result =>
            {
                (_inFlight, InFlightBytes) = (null, 0);
                Apply(taken, result, mayReclaim: true);
            },
            stopping);
    }

    /// <summary>
    /// Inside a revocation: one checkpoint of these partitions, with a limit of its own. Failing it costs nothing but reading again by the next owner.
    /// </summary>
    public void TakeLast(IReadOnlyList<AssignedPartition> revoked, IConsumer<byte[], byte[]> consumer)
    {
        using var limit = new CancellationTokenSource(options.RevocationLimit);
        try
        {
            _inFlight?.Wait(limit.Token);
            mailbox.Drain();
            var moved = revoked.Where(partition => partition.Reader is { HasMoved: true }).ToList();
            var recalled = recall.LoadAsync(Recall.Asked(moved), limit.Token).GetAwaiter().GetResult();
            moved.RemoveAll(partition => recalled.Exists(asked => asked.Partition == partition && asked.Rows is null));
            Supply(recalled.FindAll(asked => asked.Rows is not null));
            if (moved.Count > 0)
            {
                var (taken, traces) = Take(moved, consumer);
                Apply(taken, checkpointer.WriteAsync([.. taken.Select(t => t.Change)], traces, limit.Token).GetAwaiter().GetResult(), mayReclaim: false);
            }
        }
        catch (OperationCanceledException)
        {
            AggregatorLog.LastCheckpointFails(logger, options.RevocationLimit.TotalSeconds);
        }
    }

    private void BeginRecall(List<RecallAsked> asked)
    {
        (IsRecalling, _recallStarted) = (true, time.GetTimestamp());
        _inFlight = mailbox.Run(
            cancellationToken => recall.LoadAsync(asked, cancellationToken),
            loaded =>
            {
                (_inFlight, IsRecalling) = (null, false);
                Supply(loaded);
                // The checkpoint that they were loaded for is due.
                _lastTaken -= (long)(options.CheckpointInterval.TotalSeconds * time.TimestampFrequency);
            },
            stopping);
    }

    private void Supply(List<RecallAsked> loaded)
    {
        foreach (var asked in loaded.Where(asked => asked.Partition.Reader == asked.Reader))
        {
            if (asked.Rows is { } rows)
            {
                asked.Reader.Supply(asked.Missing, rows);
            }
            else
            {
                assignments.Reclaim(asked.Partition);
            }
        }
    }

    // Called when a checkpoint is done: nothing that was taken is uncommitted.
    private void EvictAboveBound()
    {
        var readers = assignments.Running.Select(partition => (Reader: partition.Reader!, Bytes: partition.Reader!.StateBytes)).ToList();
        var total = readers.Sum(reader => reader.Bytes);
        if (total > options.MaxStateBytes)
        {
            readers.ForEach(reader => reader.Reader.Evict((long)((double)options.MaxStateBytes / total * reader.Bytes)));
        }
    }

    private (List<Taken> Taken, List<string> Traces) Take(List<AssignedPartition> moved, IConsumer<byte[], byte[]> consumer)
    {
        var traces = moved.SelectMany(partition => partition.Reader!.Traces).ToList();
        var taken = moved.ConvertAll(partition => TakeOne(partition, consumer));
        return (taken, traces);
    }

    private Taken TakeOne(AssignedPartition partition, IConsumer<byte[], byte[]> consumer)
    {
        var reader = partition.Reader!;
        var firstRejected = reader.FirstRejected;
        var end = ClientPosition.EndSeen(consumer, partition.TopicPartition);
        var change = reader.TakeChange(end is { } seen ? Math.Max(seen, reader.ReadOffset) : null);
        Report(change, firstRejected, reader.UnknownKey);
        return new Taken(partition, reader, change);
    }

    private void Report(PartitionChange change, (long Offset, string Reason)? firstRejected, string? unknownKey)
    {
        if (firstRejected is { } first)
        {
            AggregatorLog.Rejected(logger, change.Rejected, change.Partition, pipeline.Outputs.DeadLetter.Name, first.Offset, first.Reason);
        }

        if (unknownKey is not null)
        {
            AggregatorLog.UnknownKeys(logger, change.UnknownKeys, change.Partition, unknownKey);
        }

        if (change.Changes.Counts.Late > 0)
        {
            AggregatorLog.Late(logger, change.Changes.Counts.Late, change.Partition, pipeline.Outputs.Late.Name);
        }
    }

    private void Apply(List<Taken> taken, CheckpointResult result, bool mayReclaim)
    {
        foreach (var (partition, reader, change) in taken)
        {
            if (partition.Reader != reader)
            {
                // Let go meanwhile: whether its change was written no longer matters here.
                continue;
            }

            if (result.Written.TryGetValue(change.Partition, out var version))
            {
                reader.Committed(version, change.ToOffset);
                NewlyCommitted[partition.TopicPartition] = change.ToOffset;
            }
            else if (mayReclaim)
            {
                assignments.Reclaim(partition);
            }
        }

        EvictAboveBound();
    }

    private sealed record Taken(AssignedPartition Partition, PartitionReader Reader, PartitionChange Change);
}
