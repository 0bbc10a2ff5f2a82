using System.Runtime.InteropServices;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>A segment's index on the disk, beside it: what is known of the segment up to a size.</summary>
internal static class SegmentIndexFile
{
    private const int Magic = 0x53495831;

    public static void Save(LogSegment segment, SegmentState state, LogFileAccess access)
    {
        CheckedFile.Write(segment.IndexPath, Magic, access, writer =>
        {
            writer.Write(state.Size);
            writer.Write(state.NextOffset);
            writer.Write(state.FirstTimestamp);
            writer.Write(state.MaxTimestamp);
            writer.Write(state.MaxTimestampPosition);
            var entries = Within(segment.Index.Entries, state.Size);
            writer.Write(entries.Length);
            writer.Write(MemoryMarshal.AsBytes(entries));
        });
        segment.IndexedOnDisk = state.Size;
    }

    /// <summary>Gives the segment what its index file knows, if that is all before <paramref name="recoveryOffset"/> and no more than the file holds.</summary>
    public static void TryLoad(LogSegment segment, long fileLength, long recoveryOffset)
    {
        using var reader = CheckedFile.TryRead(segment.IndexPath, Magic);
        if (reader is null)
        {
            return;
        }
        var state = new SegmentState(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        if (state.Size > fileLength || state.NextOffset > recoveryOffset)
        {
            return;
        }
        var entries = new IndexEntry[reader.ReadInt32()];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(entries.AsSpan()));
        segment.Load(state, entries);
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
