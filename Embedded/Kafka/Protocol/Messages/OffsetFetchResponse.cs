namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>The committed offsets; -1 where there is none.</summary>
internal sealed record OffsetFetchResponse(IReadOnlyList<OffsetFetchResponse.Group> Groups) : IResponse
{
    public void Write(WireWriter writer)
    {
        if (writer.Version >= 3)
        {
            writer.WriteInt32(0); // throttle time
        }

        if (writer.Version >= 8)
        {
            writer.WriteArray(Groups, static (w, group) =>
            {
                w.WriteString(group.GroupId);
                w.WriteArray(group.Topics, WriteTopic);
                w.WriteError(group.Error);
                w.WriteTaggedFields();
            });
        }
        else
        {
            writer.WriteArray(Groups[0].Topics, WriteTopic);
            if (writer.Version >= 2)
            {
                writer.WriteError(Groups[0].Error);
            }
        }

        writer.WriteTaggedFields();
    }

    private static void WriteTopic(WireWriter writer, Topic topic)
    {
        writer.WriteString(topic.Name);
        writer.WriteArray(topic.Partitions, static (w, partition) =>
        {
            w.WriteInt32(partition.Index);
            w.WriteInt64(partition.Offset);
            if (w.Version >= 5)
            {
                w.WriteInt32(partition.LeaderEpoch);
            }

            w.WriteNullableString(partition.Metadata);
            w.WriteError(partition.Error);
            w.WriteTaggedFields();
        });
        writer.WriteTaggedFields();
    }

    internal readonly record struct Group(string GroupId, ErrorCode Error, IReadOnlyList<Topic> Topics);

    internal readonly record struct Topic(string Name, IReadOnlyList<Partition> Partitions);

    internal readonly record struct Partition(int Index, long Offset = -1, int LeaderEpoch = -1, string? Metadata = "", ErrorCode Error = ErrorCode.None);
}
