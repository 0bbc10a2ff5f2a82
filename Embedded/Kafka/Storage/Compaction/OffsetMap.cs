using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Streaming.Embedded.Kafka.Storage.Compaction;

/// <summary>
/// The latest offset of each key of the part of a log that is to be cleaned. Keys are told apart by the first 128 bits of their SHA-256, so that nobody can
/// make two that are taken for one. 24 bytes a slot, at most three quarters of the slots in use; it starts small and grows up to its bound.
/// </summary>
internal sealed class OffsetMap
{
    private const int FirstSlots = 1024;
    private readonly int _maxKeys;
    private Slot[] _slots = new Slot[FirstSlots];

    /// <param name="maxBytes">Bound of the memory; the keys of the batch that reaches it still go in.</param>
    public OffsetMap(long maxBytes)
    {
        var slots = FirstSlots;
        while (slots < 1 << 30 && 2L * slots * Marshal.SizeOf<Slot>() <= maxBytes)
        {
            slots *= 2;
        }
        _maxKeys = slots / 4 * 3;
    }

    /// <summary>Keys in the map.</summary>
    public int Count { get; private set; }

    /// <summary>No further batch should be put in.</summary>
    public bool IsFull => Count >= _maxKeys;

    /// <summary>Sets the key's latest offset; offsets must come in ascending order.</summary>
    public void Put(ReadOnlySpan<byte> key, long offset)
    {
        if (Count >= _slots.Length / 4 * 3)
        {
            Grow();
        }
        var hash = HashOf(key);
        ref var slot = ref Find(_slots, hash);
        Count += slot.OffsetPlusOne == 0 ? 1 : 0;
        slot = new Slot(hash, offset + 1);
    }

    /// <summary>The key's latest offset; -1 if the key is not in the map.</summary>
    public long LatestOffset(ReadOnlySpan<byte> key) => Count == 0 ? -1 : Find(_slots, HashOf(key)).OffsetPlusOne - 1;

    private void Grow()
    {
        var larger = new Slot[_slots.Length * 2];
        foreach (var slot in _slots)
        {
            if (slot.OffsetPlusOne > 0)
            {
                Find(larger, slot.Hash) = slot;
            }
        }
        _slots = larger;
    }

    // The key's slot, or the free one where it belongs: the next ones are tried in order.
    private static ref Slot Find(Slot[] slots, UInt128 hash)
    {
        var at = (int)((ulong)hash & (ulong)(slots.Length - 1));
        while (slots[at].OffsetPlusOne != 0 && slots[at].Hash != hash)
        {
            at = (at + 1) & (slots.Length - 1);
        }
        return ref slots[at];
    }

    private static UInt128 HashOf(ReadOnlySpan<byte> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <param name="Hash">The key's.</param>
    /// <param name="OffsetPlusOne">0 in a free slot.</param>
    [StructLayout(LayoutKind.Sequential, Pack = 8)]
    private readonly record struct Slot(UInt128 Hash, long OffsetPlusOne);
}
