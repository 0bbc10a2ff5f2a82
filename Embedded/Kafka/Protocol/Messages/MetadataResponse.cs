namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>The brokers (this one) and the topics asked for.</summary>
internal sealed record MetadataResponse(BrokerNode Broker, string ClusterId, IReadOnlyList<MetadataResponse.Topic> Topics) : IResponse
{
    /// <summary>The mark for "authorized operations were not asked for".</summary>
    public const int OperationsUnknown = int.MinValue;

    public void Write(WireWriter writer)
    {
        if (writer.Version >= 3)
        {
            writer.WriteInt32(0); // throttle time
        }

        writer.WriteArray([Broker], static (w, broker) => broker.Write(w, withRack: w.Version >= 1));
        if (writer.Version >= 2)
        {
            writer.WriteNullableString(ClusterId);
        }

        if (writer.Version >= 1)
        {
            writer.WriteInt32(Broker.Id); // controller
        }

        var leader = Broker.Id;
        writer.WriteArray(Topics, (w, topic) => WriteTopic(w, topic, leader));
        if (writer.Version is >= 8 and <= 10)
        {
            writer.WriteInt32(OperationsUnknown);
        }

        writer.WriteTaggedFields();
    }

    private static void WriteTopic(WireWriter writer, Topic topic, int leader)
    {
        writer.WriteError(topic.Error);
        writer.WriteNullableString(writer.Version >= 12 ? topic.Name : topic.Name ?? "");
        if (writer.Version >= 10)
        {
            writer.WriteUuid(topic.Id);
        }

        if (writer.Version >= 1)
        {
            writer.WriteBoolean(false); // internal
        }

        writer.WriteArray([.. Enumerable.Range(0, topic.Partitions)], (w, index) => WritePartition(w, index, leader));
        if (writer.Version >= 8)
        {
            writer.WriteInt32(OperationsUnknown);
        }

        writer.WriteTaggedFields();
    }

    private static void WritePartition(WireWriter writer, int index, int leader)
    {
        writer.WriteError(ErrorCode.None);
        writer.WriteInt32(index);
        writer.WriteInt32(leader);
        if (writer.Version >= 7)
        {
            writer.WriteInt32(0); // leader epoch: the leader never changes
        }

        writer.WriteInt32Array([leader]); // replicas
        writer.WriteInt32Array([leader]); // in sync
        if (writer.Version >= 5)
        {
            writer.WriteEmptyArray(); // offline
        }

        writer.WriteTaggedFields();
    }

    /// <param name="Partitions">How many; numbered from 0.</param>
    internal readonly record struct Topic(ErrorCode Error, string? Name, Guid Id, int Partitions);
}
