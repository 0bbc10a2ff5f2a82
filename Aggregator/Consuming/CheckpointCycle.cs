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
    StateBudget budget,
    Mailbox mailbox,
    TimeProvider time,
    ILogger logger,
    CancellationToken stopping)
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    /// <summary>Records, and their bytes, that may wait for evicted rows before reading stands still.</summary>
    private const int MostWaiting = 20_000;
    private const long MostWaitingBytes = 16L << 20;

    /// <summary>Waiting records of a partition that are taken between two checkpoints while memory is full.</summary>
    private const int WaitingAtOnceWhenFull = 1000;

    private Task? _inFlight;
    private long _lastTaken = time.GetTimestamp();
    private long? _holdingSince;
    private bool _isRecalling;

    /// <summary>Why no record is to be read just now; null when records may come.</summary>
    public string? Holds { get; private set; }

    /// <summary>It has been so for so long that the group must not be kept waiting.</summary>
    public bool HoldsLong => _holdingSince is { } since && time.GetElapsedTime(since) > Slow;

    /// <summary>Bytes of late and rejected records that a checkpoint under way holds.</summary>
    public long InFlightBytes { get; private set; }

    /// <summary>Partitions and offsets that have been committed since the last call, for the group's lag.</summary>
    public Dictionary<TopicPartition, long> NewlyCommitted { get; } = [];

    /// <summary>
    /// Takes a checkpoint if one is due, none is under way and something has moved; else loads what waiting records need. A checkpoint is due early when records
    /// can come only after it, or when memory is full.
    /// </summary>
    public void Advance(IConsumer<byte[], byte[]> consumer)
    {
        TakeWaiting();
        Report();
        if (_inFlight is null)
        {
            TakeIfDue(consumer);
        }

        Hold();
    }

    private void TakeIfDue(IConsumer<byte[], byte[]> consumer)
    {
        var isDue = time.GetElapsedTime(_lastTaken) >= options.CheckpointInterval;
        if (!isDue && !budget.IsFull && !assignments.Running.Any(partition => partition.Reader!.MustTake))
        {
            BeginRecall(Wanted());
            return;
        }

        var moved = assignments.Running.Where(partition => partition.Reader!.HasMoved).ToList();
        if (moved.Count == 0)
        {
            if (isDue)
            {
                _lastTaken = time.GetTimestamp();
                EvictAboveBound();
            }

            BeginRecall(Wanted());
            return;
        }

        if (Recall.Asked(moved) is { Count: > 0 } asked)
        {
            BeginRecall(asked);
            return;
        }

        _lastTaken = time.GetTimestamp();
        TakeMoved(moved, consumer);
    }

    private void TakeMoved(List<AssignedPartition> moved, IConsumer<byte[], byte[]> consumer)
    {
        var taken = moved.ConvertAll(partition => TakeOne(partition, consumer));
        InFlightBytes = taken.Sum(t => t.Change.Outgoing.Sum(message => (long)message.Size));
        _inFlight = mailbox.Run(
            cancellationToken => checkpointer.WriteAsync([.. taken.Select(t => t.Change)], cancellationToken),
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
                var taken = moved.ConvertAll(partition => TakeOne(partition, consumer));
                Apply(taken, checkpointer.WriteAsync([.. taken.Select(t => t.Change)], limit.Token).GetAwaiter().GetResult(), mayReclaim: false);
            }
        }
        catch (OperationCanceledException)
        {
            AggregatorLog.LastCheckpointFails(logger, options.RevocationLimit.TotalSeconds);
        }
    }

    private void BeginRecall(List<RecallAsked> asked)
    {
        if (asked.Count == 0)
        {
            return;
        }

        _isRecalling = true;
        _inFlight = mailbox.Run(
            cancellationToken => recall.LoadAsync(asked, cancellationToken),
            loaded =>
            {
                (_inFlight, _isRecalling) = (null, false);
                Supply(loaded);
            },
            stopping);
    }

    private void Supply(List<RecallAsked> loaded)
    {
        foreach (var asked in loaded.Where(asked => asked.Partition.Reader == asked.Reader))
        {
            if (asked.Rows is not null)
            {
                asked.Supply();
            }
            else
            {
                assignments.Reclaim(asked.Partition);
            }
        }
    }

    private List<RecallAsked> Wanted() => recall.Wanted(assignments.Running, WaitingAtOnce);

    // While memory is full a part of them goes on with each checkpoint, as records that are read do.
    private int WaitingAtOnce => budget.IsFull ? WaitingAtOnceWhenFull : int.MaxValue;

    /// <summary>Puts records into windows that had to wait; while rows are loaded for them nothing may change.</summary>
    private void TakeWaiting()
    {
        if (_isRecalling || (budget.IsFull && assignments.Running.Any(partition => partition.Reader!.HasMoved)))
        {
            return;
        }

        foreach (var partition in assignments.Running.Where(partition => partition.Reader!.Waiting > 0))
        {
            partition.Reader!.TakeWaiting(WaitingAtOnce);
        }
    }

    /// <summary>Its thread has ended.</summary>
    public void Leave() => budget.Forget(this);

    private void Report() => budget.Report(
        this, assignments.Running.Sum(partition => partition.Reader!.StateBytes), assignments.Running.Sum(partition => partition.Reader!.FixedBytes));

    /// <summary>Lets go of what is stored, if all pipelines together take too much. Only while nothing that was taken is uncommitted.</summary>
    private void EvictAboveBound()
    {
        Report();
        if (budget.IsFull)
        {
            foreach (var reader in assignments.Running.Select(partition => partition.Reader!))
            {
                reader.Evict(budget.ShareOf(reader.StateBytes));
            }

            Report();
        }
    }

    /// <summary>Finds out whether records may come. What they would change is bounded by what was read since the last commit, so at least that much can always be.</summary>
    private void Hold()
    {
        var waiting = assignments.Running.Sum(partition => (long)partition.Reader!.Waiting);
        Holds = _isRecalling ? "evicted windows are being loaded"
            : waiting >= MostWaiting || assignments.Running.Sum(partition => partition.Reader!.WaitingBytes) >= MostWaitingBytes ? $"{waiting} records wait for evicted windows"
            : budget.IsFull && assignments.Running.Any(partition => partition.Reader!.UncommittedEvents > 0) ? "the memory for open windows is full until a checkpoint is written"
            : null;
        _holdingSince = Holds is null ? null : _holdingSince ?? time.GetTimestamp();
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
