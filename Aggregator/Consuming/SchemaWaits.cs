using Confluent.Kafka;
using Streaming.Aggregator.Schemas;

namespace Streaming.Aggregator.Consuming;

/// <summary>
/// Holds a partition at a record whose schema is not known yet. The thread waits only for as long as a registry that is there takes to answer; while it is away the
/// partition is paused, and fetched again from that record on once it has answered. Nothing is passed over meanwhile. Consumer's thread.
/// </summary>
internal sealed class SchemaWaits(SchemaDirectory? schemas, Assignments assignments, ConsumptionStatus status, ILogger logger)
{
    private static readonly TimeSpan ShortWait = TimeSpan.FromMilliseconds(100);

    /// <summary>Takes a record, or holds its partition.</summary>
    public void Read(IConsumer<byte[], byte[]> consumer, AssignedPartition partition, ConsumeResult<byte[], byte[]> record)
    {
        var reader = partition.Reader!;
        while (reader.Read(record) is { } id)
        {
            if (schemas!.Trouble is null && schemas.Await(id, ShortWait))
            {
                continue;
            }

            schemas.Await(id, TimeSpan.Zero);
            partition.AwaitedSchema = id;
            ClientPosition.Pause(consumer, partition.TopicPartition, logger);
            return;
        }
    }

    /// <summary>Lets partitions go on whose schemas are known now. Not to be called inside a rebalance handler.</summary>
    public void Look(IConsumer<byte[], byte[]> consumer, bool isReadingPaused)
    {
        if (schemas is null)
        {
            return;
        }

        var waiting = assignments.Running.Where(partition => partition.AwaitedSchema is not null).ToList();
        foreach (var partition in waiting.Where(partition => !isReadingPaused && !partition.IsBroken && schemas.Await(partition.AwaitedSchema!.Value, TimeSpan.Zero)))
        {
            var position = new TopicPartitionOffset(partition.TopicPartition, partition.Reader!.ReadOffset);
            (partition.AwaitedSchema, partition.Idle) = (null, new IdleState());
            partition.IsBroken = !ClientPosition.TryStart(consumer, position, isOverdue: false, logger);
        }

        status.AwaitsSchema(waiting.Find(partition => partition.AwaitedSchema is not null) is { AwaitedSchema: { } id } held
            ? $"partition {held.Number} waits for schema {id} of the registry{(schemas.Trouble is { } trouble ? $": {trouble}" : "")}"
            : null);
    }
}
