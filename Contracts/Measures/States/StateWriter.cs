using System.Buffers;
using System.Buffers.Binary;

namespace Streaming.Contracts.Measures;

/// <summary>
/// Writes the parts of a state. Integers are LEB128 (7 bits per byte, least significant first, as few bytes as possible), signed ones zigzag-mapped
/// (0, -1, 1, -2, …), as in Protocol Buffers.
/// </summary>
internal sealed class StateWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new(64);

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public void Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }

    public void Mark(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.GetSpan(sizeof(uint)), value);
        _bytes.Advance(sizeof(uint));
    }

    public void Unsigned(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Byte((byte)(value | 0x80));
        }

        Byte((byte)value);
    }

    public void Unsigned(UInt128 value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Byte((byte)((byte)(value & 0x7f) | 0x80));
        }

        Byte((byte)value);
    }

    public void Signed(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    public void Signed(Int128 value) => Unsigned((UInt128)((value << 1) ^ (value >> 127)));

    public void Bytes(ReadOnlySpan<byte> value) => _bytes.Write(value);
}
