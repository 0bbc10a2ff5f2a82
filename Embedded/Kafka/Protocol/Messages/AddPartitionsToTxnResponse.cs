namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Which partitions are in the transaction: all or none.</summary>
internal sealed record AddPartitionsToTxnResponse(IReadOnlyList<AddPartitionsToTxnResponse.Topic> Topics) : IResponse
{
    public void Write(WireWriter writer)
    {
        writer.WriteInt32(0); // throttle time
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
