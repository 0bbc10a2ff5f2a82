namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>What a configuration belongs to.</summary>
internal readonly record struct ConfigResource(ConfigResourceType Type, string Name)
{
    public static ConfigResource Read(ref WireReader reader) => new((ConfigResourceType)reader.ReadInt8(), reader.ReadString());

    public void Write(WireWriter writer)
    {
        writer.WriteInt8((sbyte)Type);
        writer.WriteString(Name);
    }
}

/// <summary>Kinds of <see cref="ConfigResource"/> (KIP-133).</summary>
internal enum ConfigResourceType : sbyte
{
    Topic = 2,
    Broker = 4,
}
