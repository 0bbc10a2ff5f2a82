namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>What became of each offset.</summary>
internal sealed record OffsetDeleteResponse(ErrorCode Error, IReadOnlyList<OffsetDeleteResponse.Topic> Topics) : IResponse
{
    public void Write(WireWriter writer)
    {
        writer.WriteError(Error);
        writer.WriteInt32(0); // throttle time
        writer.WriteArray(Topics, static (w, topic) =>
        {
            w.WriteString(topic.Name);
            w.WriteArray(topic.Partitions, static (pw, partition) =>
            {
                pw.WriteInt32(partition.Index);
                pw.WriteError(partition.Error);
            });
        });
    }

    internal readonly record struct Topic(string Name, IReadOnlyList<Partition> Partitions);

    internal readonly record struct Partition(int Index, ErrorCode Error);
}
