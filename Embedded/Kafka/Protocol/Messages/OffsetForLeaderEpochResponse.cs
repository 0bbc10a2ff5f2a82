namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>The end of each epoch.</summary>
internal sealed record OffsetForLeaderEpochResponse(IReadOnlyList<OffsetForLeaderEpochResponse.Topic> Topics) : IResponse
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
        writer.WriteError(partition.Error);
        writer.WriteInt32(partition.Index);
        if (writer.Version >= 1)
        {
            writer.WriteInt32(partition.LeaderEpoch);
        }

        writer.WriteInt64(partition.EndOffset);
        writer.WriteTaggedFields();
    }

    internal readonly record struct Topic(string Name, IReadOnlyList<Partition> Partitions);

    internal readonly record struct Partition(int Index, ErrorCode Error, int LeaderEpoch = -1, long EndOffset = -1);
}
