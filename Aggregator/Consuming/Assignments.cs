using Confluent.Kafka;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.References;
using Streaming.Aggregator.Schemas;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Consuming;

/// <summary>The partitions that the group has given to this instance, and how each comes to be read. Consumer's thread only.</summary>
internal sealed class Assignments(
    PipelineDefinition pipeline,
    AggregatorOptions options,
    PartitionClaimer claimer,
    KnownKeys known,
    ConsumptionStatus status,
    Mailbox mailbox,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>A client that cannot be positioned for this long is given the partition anew.</summary>
    private static readonly TimeSpan SeekLimit = TimeSpan.FromSeconds(5);

    /// <summary>How long after its assignment a client may still be asking for the log's end; the answer would move a position that was set meanwhile.</summary>
    private static readonly TimeSpan Suspicion = TimeSpan.FromSeconds(30);

    /// <summary>The same on a topic that is written in transactions, where markers side by side are holes of several offsets and a false alarm costs a claim.</summary>
    private static readonly TimeSpan SuspicionAmongMarkers = TimeSpan.FromSeconds(3);

    private readonly Dictionary<int, AssignedPartition> _partitions = [];
    private readonly List<AssignedPartition> _toPause = [];

    /// <summary>Of windows that start before it nothing is sent; null: of every window.</summary>
    public DateTimeOffset? CoversFrom { get; init; }

    /// <summary>What is known of the registry's schemas; null where no registry is configured.</summary>
    public SchemaDirectory? Schemas { get; init; }

    public IEnumerable<AssignedPartition> All => _partitions.Values;

    public IEnumerable<AssignedPartition> Running => _partitions.Values.Where(partition => partition.Reader is not null);

    public AssignedPartition? Find(int partition) => _partitions.GetValueOrDefault(partition);

    /// <summary>Takes partitions over: they stay silent until they are claimed.</summary>
    public void Add(IEnumerable<TopicPartition> partitions)
    {
        foreach (var partition in partitions)
        {
            var assigned = new AssignedPartition(partition) { SuspectUntil = EndOfSuspicion() };
            if (_partitions.Remove(assigned.Number, out var former))
            {
                former.Dispose();
            }

            _partitions.Add(assigned.Number, assigned);
            BeginClaim(assigned);
        }
    }

    /// <summary>Something has arrived for a partition that is not running: its client has a position and can be moved, or kept silent until then.</summary>
    public void FoundPosition(AssignedPartition partition)
    {
        if (!partition.HasPosition)
        {
            partition.HasPosition = true;
            _toPause.Add(partition);
        }
    }

    /// <summary>
    /// Whether to go on at <paramref name="offset"/>, beyond what a running partition is to read next. Not at first: a client that lost its position
    /// looks the same as a log with a hole, so the partition is claimed and positioned anew; if the same offsets are missing again, they are not there
    /// (records of aborted transactions, compaction).
    /// </summary>
    public bool AcceptsGap(AssignedPartition partition, long offset)
    {
        var reader = partition.Reader!;
        if (partition.IsBroken)
        {
            return false;
        }

        if (pipeline.Source.IsTransactional && offset == reader.ReadOffset + 1)
        {
            // The marker that ends a transaction: after each of them.
            return true;
        }

        if (partition.GapAt == reader.ReadOffset || time.GetTimestamp() >= partition.SuspectUntil)
        {
            return true;
        }

        (partition.GapAt, partition.IsBroken) = (reader.ReadOffset, true);
        AggregatorLog.Jumped(logger, reader.Partition, reader.ReadOffset, offset);
        return false;
    }

    /// <summary>Lets partitions go; what was not committed is forgotten.</summary>
    public void Remove(IEnumerable<AssignedPartition> partitions)
    {
        foreach (var partition in partitions)
        {
            _partitions.Remove(partition.Number);
            status.PartitionGoesOn(partition.Number);
            partition.Dispose();
        }
    }

    /// <summary>Forgets what is in memory and claims again: the partition is still this instance's to read.</summary>
    public void Reclaim(AssignedPartition partition)
    {
        partition.Reset();
        _toPause.Add(partition);
        BeginClaim(partition);
    }

    /// <summary>Brings every partition one step on. Not to be called inside a rebalance handler.</summary>
    public void Advance(IConsumer<byte[], byte[]> consumer, bool isReadingPaused)
    {
        PauseNew(consumer);
        foreach (var partition in _partitions.Values.ToList())
        {
            if (partition is { Ready: not null } && !isReadingPaused)
            {
                TryStart(consumer, partition);
            }
            else if (partition.RecheckAt is { } at && time.GetTimestamp() >= at)
            {
                Reclaim(partition);
            }
            else if (partition is { IsBroken: true, Reader: { HasMoved: false, UncommittedEvents: 0 } })
            {
                Reclaim(partition);
            }
        }
    }

    private void BeginClaim(AssignedPartition partition)
    {
        var ends = partition.ClaimEnds;
        mailbox.Run(
            cancellationToken => claimer.ClaimAsync(partition.TopicPartition, cancellationToken),
            claimed =>
            {
                if (!ends.IsCancellationRequested)
                {
                    Claimed(partition, claimed);
                }
            },
            ends);
    }

    private void Claimed(AssignedPartition partition, ClaimedLog log)
    {
        if (!log.HasGap)
        {
            partition.Ready = log.Claim;
            status.PartitionGoesOn(partition.Number);
            return;
        }

        partition.RecheckAt = time.GetTimestamp() + (long)(options.GapRecheck.TotalSeconds * time.TimestampFrequency);
        status.PartitionStopped(partition.Number, $"progress {log.Claim.NextOffset} is outside the log {log.LogStart} to {log.LogEnd}");
        AggregatorLog.Gap(logger, log.Claim.Partition, log.Claim.NextOffset, log.LogStart, log.LogEnd);
    }

    private long EndOfSuspicion() => time.GetTimestamp() + (long)((pipeline.Source.IsTransactional ? SuspicionAmongMarkers : Suspicion).TotalSeconds * time.TimestampFrequency);

    private void PauseNew(IConsumer<byte[], byte[]> consumer)
    {
        foreach (var partition in _toPause.Where(partition => _partitions.ContainsValue(partition)))
        {
            ClientPosition.Pause(consumer, partition.TopicPartition, logger);
        }

        _toPause.Clear();
    }

    private void TryStart(IConsumer<byte[], byte[]> consumer, AssignedPartition partition)
    {
        var claim = partition.Ready!;
        var now = time.GetTimestamp();
        partition.StartTriedAt = partition.StartTriedAt == 0 ? now : partition.StartTriedAt;
        var isOverdue = time.GetElapsedTime(partition.StartTriedAt, now) > SeekLimit;
        if (!partition.HasPosition && !isOverdue)
        {
            return;
        }

        if (!ClientPosition.TryStart(consumer, new TopicPartitionOffset(partition.TopicPartition, claim.NextOffset), isOverdue, logger))
        {
            partition.StartTriedAt = isOverdue ? now : partition.StartTriedAt;
            return;
        }

        partition.SuspectUntil = isOverdue ? EndOfSuspicion() : partition.SuspectUntil;
        partition.Reader = new PartitionReader(pipeline, claim, known, CoversFrom) { Schemas = Schemas };
        (partition.Ready, partition.Idle) = (null, new IdleState());
        AggregatorLog.Reading(logger, claim.Partition, claim.NextOffset, claim.Version, claim.OpenRows.Count);
    }
}
