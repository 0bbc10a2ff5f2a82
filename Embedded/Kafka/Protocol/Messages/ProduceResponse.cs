namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Where the batches went, or why not.</summary>
internal sealed record ProduceResponse(IReadOnlyList<ProduceResponse.Topic> Topics) : IResponse
{
    public void Write(WireWriter writer)
    {
        writer.WriteArray(Topics, static (w, topic) =>
        {
            w.WriteString(topic.Name);
            w.WriteArray(topic.Partitions, WritePartition);
            w.WriteTaggedFields();
        });
        if (writer.Version >= 1)
        {
            writer.WriteInt32(0); // throttle time
        }

        writer.WriteTaggedFields();
    }

    private static void WritePartition(WireWriter writer, Partition partition)
    {
        writer.WriteInt32(partition.Index);
        writer.WriteError(partition.Error);
        writer.WriteInt64(partition.BaseOffset);
        if (writer.Version >= 2)
        {
            writer.WriteInt64(partition.LogAppendTimeMs);
        }

        if (writer.Version >= 5)
        {
            writer.WriteInt64(partition.LogStartOffset);
        }

        if (writer.Version >= 8)
        {
            writer.WriteArray(partition.BadRecords ?? [], static (w, record) =>
            {
                w.WriteInt32(record);
                w.WriteNullableString(null); // the partition's message says it
                w.WriteTaggedFields();
            });
            writer.WriteNullableString(partition.Message);
        }

        writer.WriteTaggedFields();
    }

    internal readonly record struct Topic(string Name, IReadOnlyList<Partition> Partitions);

    /// <param name="BadRecords">The records, counted from 0 in their batch, that the batch is refused for (KIP-467).</param>
    /// <param name="LogAppendTimeMs">Epoch milliseconds; -1 where the topic keeps the producer's time.</param>
    internal readonly record struct Partition(
        int Index, ErrorCode Error, long BaseOffset = -1, long LogAppendTimeMs = -1, long LogStartOffset = -1, string? Message = null,
        IReadOnlyList<int>? BadRecords = null);
}
