using System.Runtime.InteropServices;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>A batch that the index knows.</summary>
/// <param name="Offset">The batch's base offset.</param>
/// <param name="Position">Where it begins in the segment, in bytes.</param>
/// <param name="MaxTimestampBefore">The largest timestamp of all batches of the segment before it; <see cref="long.MinValue"/> for the first.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct IndexEntry(long Offset, long Position, long MaxTimestampBefore);

/// <summary>
/// Sparse index of one segment by offset, position and time; all three ascend. One writer at a time, any number of readers without a lock: an
/// entry is written before the count that makes it visible.
/// </summary>
internal sealed class SegmentIndex
{
    private IndexEntry[] _entries = [];
    private int _count;

    /// <summary>What is visible now.</summary>
    public ReadOnlySpan<IndexEntry> Entries
    {
        get
        {
            var count = Volatile.Read(ref _count);
            return Volatile.Read(ref _entries).AsSpan(0, count);
        }
    }

    public void Add(in IndexEntry entry)
    {
        if (_count == _entries.Length)
        {
            var larger = new IndexEntry[Math.Max(16, _count * 2)];
            _entries.CopyTo(larger, 0);
            Volatile.Write(ref _entries, larger);
        }
        _entries[_count] = entry;
        Volatile.Write(ref _count, _count + 1);
    }

    public void Load(ReadOnlySpan<IndexEntry> entries) => (_entries, _count) = (entries.ToArray(), entries.Length);

    /// <summary>Position of the last known batch that begins at or before <paramref name="offset"/>; 0 if none does.</summary>
    public long PositionForOffset(long offset) => PositionOf(Entries, new ByOffset(offset));

    /// <summary>Position of the last known batch that begins at or before <paramref name="position"/>; 0 if none does.</summary>
    public long PositionBefore(long position) => PositionOf(Entries, new ByPosition(position));

    /// <summary>Offset of the first known batch that begins at or behind <paramref name="position"/>; null if none is known.</summary>
    public long? OffsetAtOrBehind(long position)
    {
        var entries = Entries;
        var next = ~entries.BinarySearch(new ByPosition(position - 1));
        return next < entries.Length ? entries[next].Offset : null;
    }

    /// <summary>Position before which every timestamp is smaller than <paramref name="timestampMs"/>.</summary>
    public long PositionForTimestamp(long timestampMs) => PositionOf(Entries, new ByTimestamp(timestampMs));

    private static long PositionOf<T>(ReadOnlySpan<IndexEntry> entries, T lastNotBehind) where T : IComparable<IndexEntry>
    {
        var found = entries.BinarySearch(lastNotBehind);
        return entries.IsEmpty || ~found == 0 ? 0 : entries[~found - 1].Position;
    }

    // Each compares as greater than an entry that may still be taken and as smaller than one that may not, so that the
    // search ends, without an exact hit, behind the last entry that may be taken.
    private readonly record struct ByOffset(long Offset) : IComparable<IndexEntry>
    {
        public int CompareTo(IndexEntry other) => other.Offset <= Offset ? 1 : -1;
    }

    private readonly record struct ByPosition(long Position) : IComparable<IndexEntry>
    {
        public int CompareTo(IndexEntry other) => other.Position <= Position ? 1 : -1;
    }

    private readonly record struct ByTimestamp(long TimestampMs) : IComparable<IndexEntry>
    {
        public int CompareTo(IndexEntry other) => other.MaxTimestampBefore < TimestampMs ? 1 : -1;
    }
}
