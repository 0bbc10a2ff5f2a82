using System.Runtime.InteropServices;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>What an index file says of a segment up to <see cref="SegmentState.Size"/>.</summary>
internal sealed record SegmentIndexContent(SegmentState State, IndexEntry[] Entries, AbortedTransaction[] Aborted);

/// <summary>A segment's index on the disk, beside it: what is known of the segment up to a size. One file, so that all of it is of the same moment.</summary>
internal static class SegmentIndexFile
{
    private const int Magic = 0x53495832;

    public static void Save(LogSegment segment, SegmentState state, LogFileAccess access)
    {
        CheckedFile.Write(segment.IndexPath, Magic, access, writer =>
        {
            writer.Write(state.Size);
            writer.Write(state.NextOffset);
            writer.Write(state.FirstTimestamp);
            writer.Write(state.MaxTimestamp);
            writer.Write(state.MaxTimestampPosition);
            WriteAll(writer, Within(segment.Index.Entries, state.Size));
            WriteAll(writer, AbortedIndex.EndedBefore(segment.Aborted.Entries, state.NextOffset));
        });
        segment.IndexedOnDisk = state.Size;
    }

    /// <summary>Reads the index file of a segment; null if it is missing or not whole.</summary>
    public static SegmentIndexContent? TryRead(string indexPath)
    {
        using var reader = CheckedFile.TryRead(indexPath, Magic);
        if (reader is null)
        {
            return null;
        }
        var state = new SegmentState(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        return new SegmentIndexContent(state, ReadAll<IndexEntry>(reader), ReadAll<AbortedTransaction>(reader));
    }

    private static void WriteAll<T>(BinaryWriter writer, ReadOnlySpan<T> entries) where T : unmanaged
    {
        writer.Write(entries.Length);
        writer.Write(MemoryMarshal.AsBytes(entries));
    }

    private static T[] ReadAll<T>(BinaryReader reader) where T : unmanaged
    {
        var entries = new T[reader.ReadInt32()];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(entries.AsSpan()));
        return entries;
    }

    // Appends go on while the index is saved.
    private static ReadOnlySpan<IndexEntry> Within(ReadOnlySpan<IndexEntry> entries, long size)
    {
        var count = entries.Length;
        while (count > 0 && entries[count - 1].Position >= size)
        {
            count--;
        }
        return entries[..count];
    }
}
