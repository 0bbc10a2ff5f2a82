using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Streaming.Embedded.Kafka.Records;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4), eight bytes per instruction where the processor has one.</summary>
public static class Crc32C
{
    /// <summary>The checksum of <paramref name="data"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> data) => ~Add(uint.MaxValue, data);

    internal static uint Add(uint crc, ReadOnlySpan<byte> data)
    {
        var inWords = data.Length & ~(sizeof(ulong) - 1);
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(data[..inWords]))
        {
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }
        foreach (var rest in data[inWords..])
        {
            crc = BitOperations.Crc32C(crc, rest);
        }
        return crc;
    }
}

/// <summary>A CRC-32C over data that comes in parts.</summary>
public struct Crc32CSum
{
    private uint _inverted; // so that default is the sum of nothing

    /// <summary>The checksum of everything added so far.</summary>
    public readonly uint Value => _inverted;

    /// <summary>Adds the next part.</summary>
    public void Add(ReadOnlySpan<byte> part) => _inverted = ~Crc32C.Add(~_inverted, part);
}
