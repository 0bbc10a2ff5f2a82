namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>What became of each offset.</summary>
internal sealed record OffsetCommitResponse(IReadOnlyList<OffsetCommitResponse.Topic> Topics) : IResponse
{
    public void Write(WireWriter writer)
    {
        if (writer.Version >= 3)
        {
            writer.WriteInt32(0); // throttle time
        }

        writer.WriteArray(Topics, static (w, topic) =>
        {
            w.WriteString(topic.Name);
            w.WriteArray(topic.Partitions, static (pw, partition) =>
            {
                pw.WriteInt32(partition.Index);
                pw.WriteError(partition.Error);
                pw.WriteTaggedFields();
            });
            w.WriteTaggedFields();
        });
        writer.WriteTaggedFields();
    }

    internal readonly record struct Topic(string Name, IReadOnlyList<Partition> Partitions);

    internal readonly record struct Partition(int Index, ErrorCode Error);
}
