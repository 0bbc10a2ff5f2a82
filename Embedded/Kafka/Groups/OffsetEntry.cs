using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Streaming.Embedded.Kafka.Groups;

/// <summary>One change in the journal of committed offsets.</summary>
internal abstract record OffsetEntry(string Group)
{
    private enum Kind : byte
    {
        Set = 1,
        Removed = 2,
        GroupRemoved = 3,
        Pending = 4,
        PendingCommitted = 5,
        PendingAborted = 6,
    }

    /// <summary>Format: kind, group, then the fields in their order; numbers little-endian, strings length-prefixed UTF-8.</summary>
    public byte[] Encode()
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer, Encoding.UTF8);
        switch (this)
        {
            case Set set:
                Begin(writer, Kind.Set);
                Write(writer, set.Partition);
                Write(writer, set.Offset);
                break;
            case Removed removed:
                Begin(writer, Kind.Removed);
                Write(writer, removed.Partition);
                break;
            case GroupRemoved:
                Begin(writer, Kind.GroupRemoved);
                break;
            case Pending pending:
                Begin(writer, Kind.Pending);
                Write(writer, pending.Partition);
                Write(writer, pending.Offset);
                writer.Write(pending.ProducerId);
                break;
            case PendingEnded ended:
                Begin(writer, ended.Committed ? Kind.PendingCommitted : Kind.PendingAborted);
                writer.Write(ended.ProducerId);
                break;
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
            var kind = (Kind)reader.ReadByte();
            var group = reader.ReadString();
            entry = kind switch
            {
                Kind.Set => new Set(group, ReadPartition(reader), ReadOffset(reader)),
                Kind.Removed => new Removed(group, ReadPartition(reader)),
                Kind.GroupRemoved => new GroupRemoved(group),
                Kind.Pending => new Pending(group, ReadPartition(reader), ReadOffset(reader), reader.ReadInt64()),
                Kind.PendingCommitted => new PendingEnded(group, reader.ReadInt64(), Committed: true),
                Kind.PendingAborted => new PendingEnded(group, reader.ReadInt64(), Committed: false),
                _ => null,
            };
            return entry is not null;
        }
        catch (Exception error) when (error is EndOfStreamException or FormatException)
        {
            return false;
        }
    }

    private void Begin(BinaryWriter writer, Kind kind)
    {
        writer.Write((byte)kind);
        writer.Write(Group);
    }

    private static void Write(BinaryWriter writer, TopicPartition partition)
    {
        writer.Write(partition.Topic);
        writer.Write(partition.Partition);
    }

    private static void Write(BinaryWriter writer, CommittedOffset offset)
    {
        writer.Write(offset.NextOffset);
        writer.Write(offset.LeaderEpoch);
        writer.Write(offset.Metadata is not null);
        writer.Write(offset.Metadata ?? "");
    }

    private static TopicPartition ReadPartition(BinaryReader reader) => new(reader.ReadString(), reader.ReadInt32());

    private static CommittedOffset ReadOffset(BinaryReader reader)
    {
        var (next, epoch, hasMetadata, metadata) = (reader.ReadInt64(), reader.ReadInt32(), reader.ReadBoolean(), reader.ReadString());
        return new CommittedOffset(next, epoch, hasMetadata ? metadata : null);
    }

    internal sealed record Set(string Group, TopicPartition Partition, CommittedOffset Offset) : OffsetEntry(Group);

    /// <summary>The partition's offset goes, and so do pending ones.</summary>
    internal sealed record Removed(string Group, TopicPartition Partition) : OffsetEntry(Group);

    /// <summary>All that the group has, pending or not, goes.</summary>
    internal sealed record GroupRemoved(string Group) : OffsetEntry(Group);

    /// <summary>An offset that a transaction of the producer will commit if it commits.</summary>
    internal sealed record Pending(string Group, TopicPartition Partition, CommittedOffset Offset, long ProducerId) : OffsetEntry(Group);

    /// <summary>The producer's transaction has ended: its pending offsets are the group's, or gone.</summary>
    internal sealed record PendingEnded(string Group, long ProducerId, bool Committed) : OffsetEntry(Group);
}
