using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Record batches as they lie in the logs. Holds the logs' slices until it is disposed.</summary>
internal sealed record FetchResponse(ErrorCode Error, IReadOnlyList<FetchResponse.Topic> Topics) : IResponse, IDisposable
{
    public void Write(WireWriter writer)
    {
        writer.WriteInt32(0); // throttle time
        if (writer.Version >= 7)
        {
            writer.WriteError(Error);
            writer.WriteInt32(0); // no session: each request names all its partitions
        }

        writer.WriteArray(Topics, WriteTopic);
        writer.WriteTaggedFields();
    }

    public void Dispose()
    {
        foreach (var partition in Topics.SelectMany(static topic => topic.Partitions))
        {
            partition.Records?.Dispose();
        }
    }

    private static void WriteTopic(WireWriter writer, Topic topic)
    {
        if (writer.Version >= 13)
        {
            writer.WriteUuid(topic.Id);
        }
        else
        {
            writer.WriteString(topic.Name ?? "");
        }

        writer.WriteArray(topic.Partitions, WritePartition);
        writer.WriteTaggedFields();
    }

    private static void WritePartition(WireWriter writer, Partition partition)
    {
        writer.WriteInt32(partition.Index);
        writer.WriteError(partition.Error);
        writer.WriteInt64(partition.Bounds.HighWatermark);
        writer.WriteInt64(partition.Bounds.LastStableOffset);
        if (writer.Version >= 5)
        {
            writer.WriteInt64(partition.Bounds.LogStartOffset);
        }

        WriteAborted(writer, partition.Aborted);
        if (writer.Version >= 11)
        {
            writer.WriteInt32(-1); // preferred read replica
        }

        writer.WriteRecords(partition.Records);
        writer.WriteTaggedFields();
    }

    private static void WriteAborted(WireWriter writer, IReadOnlyList<AbortedTransaction>? aborted)
    {
        if (aborted is null)
        {
            writer.WriteNullArray();
            return;
        }

        writer.WriteArray(aborted, static (w, transaction) =>
        {
            w.WriteInt64(transaction.ProducerId);
            w.WriteInt64(transaction.FirstOffset);
            w.WriteTaggedFields();
        });
    }

    internal readonly record struct Topic(string? Name, Guid Id, IReadOnlyList<Partition> Partitions);

    /// <param name="Aborted">The aborted transactions in <paramref name="Records"/>; null where the consumer reads uncommitted records.</param>
    internal readonly record struct Partition(
        int Index, ErrorCode Error, LogBounds Bounds, IReadOnlyList<AbortedTransaction>? Aborted, LogSlice? Records);
}
