namespace Streaming.Embedded.Kafka.Storage;

/// <summary>
/// The aborted transactions whose markers lie in one segment, in the order of their markers; their last stable offsets ascend too. One writer at a time,
/// any number of readers without a lock: an entry is written before the count that makes it visible.
/// </summary>
internal sealed class AbortedIndex
{
    private AbortedTransaction[] _entries = [];
    private int _count;

    /// <summary>What is visible now.</summary>
    public ReadOnlySpan<AbortedTransaction> Entries
    {
        get
        {
            var count = Volatile.Read(ref _count);
            return Volatile.Read(ref _entries).AsSpan(0, count);
        }
    }

    public void Add(in AbortedTransaction entry)
    {
        if (_count == _entries.Length)
        {
            var larger = new AbortedTransaction[Math.Max(4, _count * 2)];
            _entries.CopyTo(larger, 0);
            Volatile.Write(ref _entries, larger);
        }
        _entries[_count] = entry;
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>Takes over what is known already; only before anything else happened.</summary>
    public void Load(ReadOnlySpan<AbortedTransaction> entries) => (_entries, _count) = (entries.ToArray(), entries.Length);

    /// <summary>The entries whose markers lie before <paramref name="offset"/>.</summary>
    public static ReadOnlySpan<AbortedTransaction> EndedBefore(ReadOnlySpan<AbortedTransaction> entries, long offset) => entries[..CountBefore(entries, offset)];

    /// <summary>
    /// Adds those that have records in <c>[fromOffset, toOffset)</c>. True when no later entry, in this segment or the next ones, can have any.
    /// </summary>
    public bool Collect(long fromOffset, long toOffset, List<AbortedTransaction> into)
    {
        var entries = Entries;
        foreach (var entry in entries[CountBefore(entries, fromOffset)..])
        {
            if (entry.FirstOffset < toOffset)
            {
                into.Add(entry);
            }
            if (entry.LastStableOffset >= toOffset)
            {
                return true;
            }
        }
        return false;
    }

    private static int CountBefore(ReadOnlySpan<AbortedTransaction> entries, long offset)
    {
        var (low, high) = (0, entries.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = entries[middle].LastOffset < offset ? (middle + 1, high) : (low, middle);
        }
        return low;
    }
}
