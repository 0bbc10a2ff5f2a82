using Confluent.Kafka;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Consuming;

/// <summary>
/// The consumer's thread: it polls, hands each record to its partition's reader, and between polls brings assignments, checkpoints, back-pressure
/// and the idle rule one step on. All that changes readers happens here, so nothing is locked.
/// </summary>
internal sealed class ConsumerLoop(
    PipelineDefinition pipeline,
    int generation,
    Assignments assignments,
    CheckpointCycle checkpoints,
    BackPressure backPressure,
    IdleWatch idleWatch,
    Following following,
    SchemaWaits schemaWaits,
    Mailbox mailbox,
    ConsumptionStatus status,
    AggregatorTelemetry telemetry,
    TimeProvider time,
    ILogger logger) : IRebalanceHandler
{
    /// <summary>Longest wait for a record, in milliseconds: what is posted meanwhile waits as long.</summary>
    private const int PollMs = 20;

    /// <summary>Most records between two looks at everything else.</summary>
    private const int BatchSize = 1000;

    private const int HoldPollMs = 2;
    private static readonly TimeSpan GaugeInterval = TimeSpan.FromSeconds(1);

    private IConsumer<byte[], byte[]>? _consumer;
    private bool _isFailed;
    private long _gaugesShown;

    /// <summary>Reads until <paramref name="stopping"/>, then leaves the group after a last checkpoint. Owns the calling thread.</summary>
    public void Run(IConsumer<byte[], byte[]> consumer, CancellationToken stopping)
    {
        _consumer = consumer;
        consumer.Subscribe(pipeline.Source.Name);
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                Maintain(consumer);
                if (checkpoints.Holds is not null && !backPressure.IsPaused)
                {
                    // Reading is paused only when this takes long, because a pause throws away what the client has fetched.
                    stopping.WaitHandle.WaitOne(HoldPollMs);
                    continue;
                }

                ReadBatch(consumer);
            }
        }
        catch
        {
            // Whatever is in memory may be wrong: nothing more of it is written.
            _isFailed = true;
            throw;
        }
        finally
        {
            try
            {
                // Calls the revocation handler, which takes the last checkpoint, and frees the client.
                consumer.Close();
            }
            finally
            {
                // Also ends what claims in the background, which is waited for next.
                assignments.Remove([.. assignments.All]);
                checkpoints.Leave();
            }
        }
    }

    public void Assigned(IReadOnlyList<TopicPartition> partitions)
    {
        AggregatorLog.Assigned(logger, new PartitionNumbers(partitions));
        assignments.Add(partitions);
    }

    public void Revoked(IReadOnlyList<TopicPartition> partitions)
    {
        AggregatorLog.Revoked(logger, new PartitionNumbers(partitions));
        var revoked = Find(partitions);
        if (!_isFailed)
        {
            checkpoints.TakeLast(revoked, _consumer!);
        }

        assignments.Remove(revoked);
    }

    public void Lost(IReadOnlyList<TopicPartition> partitions)
    {
        AggregatorLog.Lost(logger, new PartitionNumbers(partitions));
        assignments.Remove(Find(partitions));
    }

    private void Maintain(IConsumer<byte[], byte[]> consumer)
    {
        mailbox.Drain();
        assignments.Advance(consumer, backPressure.IsPaused);
        backPressure.Look(consumer, checkpoints.InFlightBytes, checkpoints.HoldsLong ? checkpoints.Holds : null);
        following.Look(consumer, backPressure.IsPaused);
        schemaWaits.Look(consumer, backPressure.IsPaused);
        checkpoints.Advance(consumer);
        ReportOffsets(consumer);
        if (!backPressure.IsPaused)
        {
            idleWatch.Look(assignments.Running.Where(following.MayUseClock));
        }

        ShowGauges(consumer);
    }

    private void ReadBatch(IConsumer<byte[], byte[]> consumer)
    {
        for (var i = 0; i < BatchSize; i++)
        {
            ConsumeResult<byte[], byte[]>? record;
            try
            {
                // Only the first may wait: a trickle of records must not keep checkpoints from their time.
                record = consumer.Consume(i == 0 ? PollMs : 0);
            }
            catch (ConsumeException e) when (!e.Error.IsFatal)
            {
                Report(e);
                return;
            }

            if (record is null)
            {
                return;
            }

            Take(consumer, record);
        }
    }

    private void Take(IConsumer<byte[], byte[]> consumer, ConsumeResult<byte[], byte[]> record)
    {
        if (assignments.Find(record.Partition.Value) is not { } partition)
        {
            return;
        }

        if (partition.Reader is not { } reader)
        {
            // Read again from the claim's offset on.
            assignments.FoundPosition(partition);
            return;
        }

        partition.HasPosition = true;
        if (partition.AwaitedSchema is not null)
        {
            return;
        }

        // Below the reader's position: it was read before.
        var offset = record.Offset.Value;
        if (offset >= reader.ReadOffset && following.HoleUpTo(partition, offset, record.IsPartitionEOF) is { } limit)
        {
            if (!assignments.AcceptsGap(partition, offset))
            {
                return;
            }

            reader.ReachEnd(limit);
            Following.ApplyMarks(partition, limit);
        }

        if (offset < reader.ReadOffset || !following.Admits(partition, offset, record.IsPartitionEOF) || (offset > reader.ReadOffset && !assignments.AcceptsGap(partition, offset)))
        {
            return;
        }

        if (record.IsPartitionEOF)
        {
            reader.ReachEnd(offset);
            Following.ApplyMarks(partition, offset);
            partition.Idle.ReachEnd(offset, time.GetTimestamp());
            return;
        }

        Following.ApplyMarks(partition, offset);
        partition.Idle.Record();
        schemaWaits.Read(consumer, partition, record);
    }

    private void Report(ConsumeException e)
    {
        AggregatorLog.KafkaSays(logger, e.Error.Reason, e.Error.Code);
        // The position is not in the log: retention has overtaken it, or the topic is another one. The claim finds out which.
        if (e.Error.Code is ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange
            && assignments.Find(e.ConsumerRecord.Partition.Value) is { } partition)
        {
            partition.IsBroken = true;
        }
    }

    /// <summary>Tells the group what PostgreSQL holds, for lag tools only. Stored here, sent by the client in the background.</summary>
    private void ReportOffsets(IConsumer<byte[], byte[]> consumer)
    {
        foreach (var (partition, offset) in checkpoints.NewlyCommitted)
        {
            try
            {
                consumer.StoreOffset(new TopicPartitionOffset(partition, offset));
            }
            catch (KafkaException e)
            {
                AggregatorLog.OffsetsNotReported(logger, e.Error.Reason);
            }
        }

        checkpoints.NewlyCommitted.Clear();
    }

    private void ShowGauges(IConsumer<byte[], byte[]> consumer)
    {
        if (time.GetElapsedTime(_gaugesShown) < GaugeInterval)
        {
            return;
        }

        _gaugesShown = time.GetTimestamp();
        var running = assignments.Running.ToList();
        var lag = running.Sum(p => Math.Max(0, (ClientPosition.EndSeen(consumer, p.TopicPartition) ?? 0) - p.Reader!.ReadOffset));
        telemetry.Show(pipeline.Name, generation, new(
            running.Sum(p => p.Reader!.OpenWindows), running.Sum(p => p.Reader!.StateBytes), lag, running.Min(p => p.Reader!.WatermarkMs),
            running.Count, status.StoppedPartitions, status.IsPaused));
    }

    private List<AssignedPartition> Find(IReadOnlyList<TopicPartition> partitions) =>
        [.. partitions.Select(partition => assignments.Find(partition.Partition.Value)).OfType<AssignedPartition>()];
}
