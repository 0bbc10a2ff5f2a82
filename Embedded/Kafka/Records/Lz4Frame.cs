using System.Buffers.Binary;

namespace Streaming.Embedded.Kafka.Records;

/// <summary>Unpacks LZ4 frames (github.com/lz4/lz4, "LZ4 Frame Format" 1.6 and "LZ4 Block Format"). Checksums are not looked at: the batch has its own.</summary>
internal static class Lz4Frame
{
    private const uint Magic = 0x184D2204;
    private const int MinMatch = 4;

    public static ReadOnlyMemory<byte>? TryDecode(ReadOnlySpan<byte> frame, int maxBytes)
    {
        if (frame.Length < 7 || BinaryPrimitives.ReadUInt32LittleEndian(frame) != Magic)
        {
            return null;
        }
        var flags = frame[4];
        var hasBlockChecksum = (flags & 0x10) != 0;
        var at = 7 + ((flags & 0x08) != 0 ? 8 : 0) + ((flags & 0x01) != 0 ? 4 : 0); // content size and dictionary id, if there
        var plain = new MemoryStream();
        while (frame.Length - at >= sizeof(uint))
        {
            var head = BinaryPrimitives.ReadUInt32LittleEndian(frame[at..]);
            at += sizeof(uint);
            if (head == 0)
            {
                return plain.GetBuffer().AsMemory(0, (int)plain.Length);
            }
            var size = (int)(head & int.MaxValue);
            if (size > frame.Length - at || !TryBlock(frame.Slice(at, size), isPlain: head > int.MaxValue, plain, maxBytes))
            {
                return null;
            }
            at += size + (hasBlockChecksum ? sizeof(uint) : 0);
        }
        return null;
    }

    private static bool TryBlock(ReadOnlySpan<byte> block, bool isPlain, MemoryStream plain, int maxBytes)
    {
        if (!isPlain)
        {
            return TrySequences(block, plain, maxBytes);
        }
        plain.Write(block);
        return plain.Length <= maxBytes;
    }

    private static bool TrySequences(ReadOnlySpan<byte> block, MemoryStream plain, int maxBytes)
    {
        for (var at = 0; at < block.Length;)
        {
            var token = block[at++];
            if (!TryLength(block, ref at, token >> 4, out var literals) || literals > block.Length - at || plain.Length + literals > maxBytes)
            {
                return false;
            }
            plain.Write(block.Slice(at, literals));
            at += literals;
            if (at == block.Length)
            {
                return true; // the last sequence has no match
            }
            if (block.Length - at < sizeof(ushort))
            {
                return false;
            }
            var distance = BinaryPrimitives.ReadUInt16LittleEndian(block[at..]);
            at += sizeof(ushort);
            if (!TryLength(block, ref at, token & 0x0f, out var match) || plain.Length + match + MinMatch > maxBytes
                || distance == 0 || distance > plain.Length)
            {
                return false;
            }
            CopyMatch(plain, distance, match + MinMatch);
        }
        return true;
    }

    private static bool TryLength(ReadOnlySpan<byte> block, ref int at, int nibble, out int length)
    {
        length = nibble;
        for (var more = nibble == 15; more;)
        {
            if (at >= block.Length || length > RecordDecompressor.MaxBytes)
            {
                return false;
            }
            length += block[at];
            more = block[at++] == byte.MaxValue;
        }
        return true;
    }

    // The match may overlap what it writes: then the pattern repeats.
    private static void CopyMatch(MemoryStream plain, int distance, int length)
    {
        var from = (int)plain.Length - distance;
        plain.SetLength(plain.Length + length);
        var bytes = plain.GetBuffer();
        for (var i = 0; i < length; i++)
        {
            bytes[from + distance + i] = bytes[from + i];
        }
        plain.Position = plain.Length;
    }
}
