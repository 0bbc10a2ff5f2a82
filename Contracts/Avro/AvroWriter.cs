using System.Buffers;
using System.Buffers.Binary;

namespace Streaming.Contracts.Avro;

/// <summary>Writes Avro's binary encoding of primitives.</summary>
internal sealed class AvroWriter(int capacity = 64)
{
    private readonly ArrayBufferWriter<byte> _buffer = new(capacity);

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public void Boolean(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>An int is written as a long.</summary>
    public void Long(long value)
    {
        var bits = (ulong)((value << 1) ^ (value >> 63));
        while (bits >= 0x80)
        {
            Byte((byte)(bits | 0x80));
            bits >>= 7;
        }

        Byte((byte)bits);
    }

    public void Float(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
    }

    public void Double(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Long(value.Length);
        Raw(value);
    }

    public void Raw(ReadOnlySpan<byte> value) => _buffer.Write(value);

    public void Text(string value)
    {
        try
        {
            Bytes(StrictUtf8.Encoding.GetBytes(value));
        }
        catch (System.Text.EncoderFallbackException e)
        {
            throw new AvroDataException("a text has half a surrogate pair in it", e);
        }
    }

    private void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }
}
