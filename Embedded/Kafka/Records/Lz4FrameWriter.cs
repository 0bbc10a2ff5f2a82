using System.Buffers.Binary;

namespace Streaming.Embedded.Kafka.Records;

/// <summary>
/// Packs into an LZ4 frame (github.com/lz4/lz4, "LZ4 Frame Format" 1.6 and "LZ4 Block Format"): independent blocks of 64 KiB, no checksums of the
/// content. Greedy: each four bytes are looked up once, the first match that holds is taken.
/// </summary>
internal static class Lz4FrameWriter
{
    private const int BlockSize = 64 << 10;
    private const int MinMatch = 4;
    private const int LastLiterals = 5;  // the format's end rules: the last five bytes are literals,
    private const int MatchMargin = 12;  // and no match begins within the last twelve
    private const int HashBits = 13;

    // Magic number; version 1 with independent blocks; 64 KiB; the checksum byte that belongs to these two.
    private static ReadOnlySpan<byte> Head => [0x04, 0x22, 0x4D, 0x18, 0x60, 0x40, 0x82];

    public static byte[] Encode(ReadOnlySpan<byte> plain)
    {
        var frame = new MemoryStream(plain.Length / 2);
        frame.Write(Head);
        Span<byte> number = stackalloc byte[sizeof(uint)];
        var packed = new MemoryStream(BlockSize);
        while (!plain.IsEmpty)
        {
            var block = plain[..Math.Min(BlockSize, plain.Length)];
            packed.SetLength(0);
            WriteSequences(block, packed);
            var gains = packed.Length < block.Length;
            BinaryPrimitives.WriteUInt32LittleEndian(number, gains ? (uint)packed.Length : (uint)block.Length | 0x8000_0000);
            frame.Write(number);
            frame.Write(gains ? packed.GetBuffer().AsSpan(0, (int)packed.Length) : block);
            plain = plain[block.Length..];
        }
        number.Clear();
        frame.Write(number);
        return frame.ToArray();
    }

    private static void WriteSequences(ReadOnlySpan<byte> block, MemoryStream packed)
    {
        Span<int> seen = stackalloc int[1 << HashBits]; // position + 1 of the last four bytes with this hash
        seen.Clear();
        var literalsFrom = 0;
        for (var at = 0; at < block.Length - MatchMargin;)
        {
            var four = BinaryPrimitives.ReadUInt32LittleEndian(block[at..]);
            ref var slot = ref seen[(int)(four * 2654435761u >> (32 - HashBits))];
            var candidate = slot - 1;
            slot = at + 1;
            if (candidate < 0 || at - candidate > ushort.MaxValue || BinaryPrimitives.ReadUInt32LittleEndian(block[candidate..]) != four)
            {
                at++;
                continue;
            }
            var limit = block.Length - LastLiterals - at;
            var match = block.Slice(candidate, limit).CommonPrefixLength(block.Slice(at, limit));
            WriteSequence(packed, block[literalsFrom..at], at - candidate, match);
            at += match;
            literalsFrom = at;
        }
        WriteSequence(packed, block[literalsFrom..], 0, MinMatch);
    }

    // The last sequence has no distance.
    private static void WriteSequence(MemoryStream packed, ReadOnlySpan<byte> literals, int distance, int match)
    {
        var more = match - MinMatch;
        packed.WriteByte((byte)((Math.Min(15, literals.Length) << 4) | Math.Min(15, more)));
        WriteLength(packed, literals.Length);
        packed.Write(literals);
        if (distance > 0)
        {
            packed.WriteByte((byte)distance);
            packed.WriteByte((byte)(distance >> 8));
            WriteLength(packed, more);
        }
    }

    private static void WriteLength(MemoryStream packed, int length)
    {
        if (length < 15)
        {
            return;
        }
        for (length -= 15; length >= byte.MaxValue; length -= byte.MaxValue)
        {
            packed.WriteByte(byte.MaxValue);
        }
        packed.WriteByte((byte)length);
    }
}
