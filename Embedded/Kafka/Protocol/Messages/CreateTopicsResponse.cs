namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>What became of each topic.</summary>
internal sealed record CreateTopicsResponse(IReadOnlyList<CreateTopicsResponse.Topic> Topics) : IResponse
{
    public void Write(WireWriter writer)
    {
        if (writer.Version >= 2)
        {
            writer.WriteInt32(0); // throttle time
        }

        writer.WriteArray(Topics, WriteTopic);
        writer.WriteTaggedFields();
    }

    private static void WriteTopic(WireWriter writer, Topic topic)
    {
        writer.WriteString(topic.Name);
        if (writer.Version >= 7)
        {
            writer.WriteUuid(topic.Id);
        }

        writer.WriteError(topic.Error);
        if (writer.Version >= 1)
        {
            writer.WriteNullableString(topic.Message);
        }

        if (writer.Version >= 5)
        {
            writer.WriteInt32(topic.Partitions);
            writer.WriteInt16(topic.Partitions < 0 ? (short)-1 : (short)1); // replication factor
            writer.WriteArray(topic.Configs ?? [], WriteConfig);
        }

        writer.WriteTaggedFields();
    }

    private static void WriteConfig(WireWriter writer, ConfigEntry config)
    {
        writer.WriteString(config.Name);
        writer.WriteNullableString(config.Value);
        writer.WriteBoolean(config.ReadOnly);
        writer.WriteInt8((sbyte)config.Source);
        writer.WriteBoolean(false); // sensitive
        writer.WriteTaggedFields();
    }

    internal sealed record Topic(
        string Name, ErrorCode Error, string? Message = null, Guid Id = default, int Partitions = -1, IReadOnlyList<ConfigEntry>? Configs = null);
}
