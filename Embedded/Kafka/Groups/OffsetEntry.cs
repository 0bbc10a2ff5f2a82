using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Streaming.Embedded.Kafka.Groups;

/// <summary>One change in the journal of committed offsets: an offset was set, removed, or a whole group was.</summary>
/// <param name="Partition">Null: the whole group goes.</param>
/// <param name="Offset">Null: removed.</param>
internal sealed record OffsetEntry(string Group, TopicPartition? Partition, CommittedOffset? Offset)
{
    private const byte Set = 1;
    private const byte Removed = 2;
    private const byte GroupRemoved = 3;

    /// <summary>Format: kind, group, topic, partition, next offset, leader epoch, metadata; numbers little-endian, strings length-prefixed UTF-8.</summary>
    public byte[] Encode()
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer, Encoding.UTF8);
        writer.Write(Partition is null ? GroupRemoved : Offset is null ? Removed : Set);
        writer.Write(Group);
        if (Partition is { } partition)
        {
            writer.Write(partition.Topic);
            writer.Write(partition.Partition);
        }

        if (Offset is { } offset)
        {
            writer.Write(offset.NextOffset);
            writer.Write(offset.LeaderEpoch);
            writer.Write(offset.Metadata is not null);
            writer.Write(offset.Metadata ?? "");
        }

        writer.Flush();
        return buffer.ToArray();
    }

    /// <summary>False if the bytes are no entry.</summary>
    public static bool TryDecode(byte[] bytes, [NotNullWhen(true)] out OffsetEntry? entry)
    {
        entry = null;
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
            var kind = reader.ReadByte();
            var group = reader.ReadString();
            entry = kind switch
            {
                Set => new OffsetEntry(group, ReadPartition(reader), ReadOffset(reader)),
                Removed => new OffsetEntry(group, ReadPartition(reader), null),
                GroupRemoved => new OffsetEntry(group, null, null),
                _ => null,
            };
            return entry is not null;
        }
        catch (Exception error) when (error is EndOfStreamException or FormatException)
        {
            return false;
        }
    }

    private static TopicPartition ReadPartition(BinaryReader reader) => new(reader.ReadString(), reader.ReadInt32());

    private static CommittedOffset ReadOffset(BinaryReader reader)
    {
        var (next, epoch, hasMetadata, metadata) = (reader.ReadInt64(), reader.ReadInt32(), reader.ReadBoolean(), reader.ReadString());
        return new CommittedOffset(next, epoch, hasMetadata ? metadata : null);
    }
}
