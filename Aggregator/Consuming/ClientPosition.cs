using Confluent.Kafka;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Consuming;

/// <summary>Pauses partitions of the client and positions them. Consumer's thread, outside of rebalance handlers.</summary>
internal static class ClientPosition
{
    /// <summary>Keeps the client from fetching. When it fails, records go on to arrive and are judged like any others.</summary>
    public static void Pause(IConsumer<byte[], byte[]> consumer, TopicPartition partition, ILogger logger)
    {
        try
        {
            consumer.Pause([partition]);
        }
        catch (KafkaException e)
        {
            AggregatorLog.KafkaSays(logger, $"partition {partition.Partition.Value} cannot be paused: {e.Error.Reason}", e.Error.Code);
        }
    }

    /// <summary>The end of the log as the client saw it in its last fetch, without a request; null when it has seen none.</summary>
    public static long? EndSeen(IConsumer<byte[], byte[]> consumer, TopicPartition partition)
    {
        try
        {
            var end = consumer.GetWatermarkOffsets(partition).High;
            return end.IsSpecial ? null : end.Value;
        }
        catch (KafkaException)
        {
            // The client has forgotten the partition: its topic was deleted.
            return null;
        }
    }

    /// <summary>
    /// Resumes the partition at an offset. Resume comes first: the seek is a barrier, so what the client had fetched before never arrives. False
    /// when the client is not ready for it; then it is tried again. A fetcher that an error has stopped takes no seek: with
    /// <paramref name="isOverdue"/> the partition is given to the client anew.
    /// </summary>
    public static bool TryStart(IConsumer<byte[], byte[]> consumer, TopicPartitionOffset position, bool isOverdue, ILogger logger)
    {
        try
        {
            if (isOverdue)
            {
                // The client keeps a pause beyond the assignment that it was made in; such a partition would be read by nobody.
                consumer.Resume([position.TopicPartition]);
                consumer.IncrementalUnassign([position.TopicPartition]);
                consumer.IncrementalAssign([position]);
                return true;
            }

            consumer.Resume([position.TopicPartition]);
            consumer.Seek(position);
            return true;
        }
        catch (KafkaException e) when (!e.Error.IsFatal)
        {
            if (isOverdue)
            {
                AggregatorLog.KafkaSays(logger, $"partition {position.Partition.Value} cannot be positioned at {position.Offset.Value}: {e.Error.Reason}", e.Error.Code);
            }

            return false;
        }
    }
}
