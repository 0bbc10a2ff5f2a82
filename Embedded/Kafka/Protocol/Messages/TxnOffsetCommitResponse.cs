namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>What became of each offset.</summary>
internal sealed record TxnOffsetCommitResponse(IReadOnlyList<OffsetCommitResponse.Topic> Topics) : IResponse
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
}
