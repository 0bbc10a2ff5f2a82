using Confluent.Kafka;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Consuming;

/// <summary>
/// Pauses reading while a bound is reached, and goes on at half of it. A paused instance stays in its group: its thread goes on polling. Consumer's
/// thread.
/// </summary>
internal sealed class BackPressure(
    AggregatorOptions options, Assignments assignments, StateBudget budget, IOutboxDepth outbox, ConsumptionStatus status, ILogger logger)
{
    public bool IsPaused { get; private set; }

    /// <param name="consumer">The client.</param>
    /// <param name="inFlightBytes">Bytes of late and rejected records that a checkpoint under way holds.</param>
    /// <param name="holds">Why no record may come, if that has lasted so long that the client is to be paused.</param>
    public void Look(IConsumer<byte[], byte[]> consumer, long inFlightBytes, string? holds)
    {
        var events = assignments.Running.Sum(partition => partition.Reader!.UncommittedEvents);
        var bytes = assignments.Running.Sum(partition => partition.Reader!.OutgoingBytes) + inFlightBytes;
        if (!IsPaused && (holds ?? Reason(events, bytes, 1)) is { } reason)
        {
            Pause(consumer, reason);
        }
        else if (IsPaused && holds is null && Reason(events, bytes, 2) is null)
        {
            Resume(consumer);
        }
    }

    private string? Reason(long events, long bytes, int divisor) =>
        events >= options.MaxUncommittedEvents / divisor ? $"{events} events are read and not yet committed"
        : bytes >= options.MaxUncommittedBytes / divisor ? $"{bytes} bytes of late and rejected records are not yet committed"
        : outbox.Rows >= Math.Max(1, options.OutboxBound / divisor) ? $"{outbox.Rows} rows wait in the outbox"
        : budget.Trouble(divisor);

    private void Pause(IConsumer<byte[], byte[]> consumer, string reason)
    {
        IsPaused = true;
        status.Paused(reason);
        AggregatorLog.Paused(logger, reason);
        foreach (var partition in assignments.Running)
        {
            ClientPosition.Pause(consumer, partition.TopicPartition, logger);
            // A partition that was paused has seen its end again before the idle rule may speak.
            partition.Idle = new IdleState();
        }
    }

    private void Resume(IConsumer<byte[], byte[]> consumer)
    {
        // One that waits for a schema goes on when that is known.
        foreach (var partition in assignments.Running.Where(partition => partition is { IsBroken: false, AwaitedSchema: null }))
        {
            var position = new TopicPartitionOffset(partition.TopicPartition, partition.Reader!.ReadOffset);
            if (!ClientPosition.TryStart(consumer, position, isOverdue: false, logger))
            {
                partition.IsBroken = true;
            }

            partition.Idle = new IdleState();
        }

        IsPaused = false;
        status.Resumed();
        AggregatorLog.Resumed(logger);
    }
}

/// <summary>How many rows wait in the outbox, as last seen.</summary>
internal interface IOutboxDepth
{
    int Rows { get; }
}
