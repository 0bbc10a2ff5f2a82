namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>The offsets found; -1 where no record is that late.</summary>
internal sealed record ListOffsetsResponse(IReadOnlyList<ListOffsetsResponse.Topic> Topics) : IResponse
{
    public void Write(WireWriter writer)
    {
        if (writer.Version >= 2)
        {
            writer.WriteInt32(0); // throttle time
        }

        writer.WriteArray(Topics, static (w, topic) =>
        {
            w.WriteString(topic.Name);
            w.WriteArray(topic.Partitions, WritePartition);
            w.WriteTaggedFields();
        });
        writer.WriteTaggedFields();
    }

    private static void WritePartition(WireWriter writer, Partition partition)
    {
        writer.WriteInt32(partition.Index);
        writer.WriteError(partition.Error);
        writer.WriteInt64(partition.Timestamp);
        writer.WriteInt64(partition.Offset);
        if (writer.Version >= 4)
        {
            writer.WriteInt32(partition.Offset >= 0 ? 0 : -1); // leader epoch
        }

        writer.WriteTaggedFields();
    }

    internal readonly record struct Topic(string Name, IReadOnlyList<Partition> Partitions);

    internal readonly record struct Partition(int Index, ErrorCode Error, long Timestamp = -1, long Offset = -1);
}
