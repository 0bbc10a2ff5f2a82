using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Streaming.Contracts.Measures;

/// <summary>
/// Reads what <see cref="StateWriter"/> wrote, and only that: an integer in more bytes than it needs is refused, so that a state has one form. Every
/// failure is a <see cref="MeasureStateException"/>.
/// </summary>
internal ref struct StateReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public readonly int Remaining => _rest.Length;

    /// <exception cref="MeasureStateException">It does not hold.</exception>
    public static void Demand([DoesNotReturnIf(false)] bool holds, string why)
    {
        if (!holds)
        {
            throw new MeasureStateException($"The bytes are no state of this plan: {why}.");
        }
    }

    public byte Byte() => Bytes(1)[0];

    public uint Mark() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(sizeof(uint)));

    public ReadOnlySpan<byte> Bytes(int length)
    {
        Demand(length <= _rest.Length, "it ends too early");
        ReadOnlySpan<byte> read = _rest[..length];
        _rest = _rest[length..];
        return read;
    }

    public ulong Unsigned()
    {
        UInt128 value = Unsigned128();
        Demand(value <= ulong.MaxValue, "a number is too large");
        return (ulong)value;
    }

    public UInt128 Unsigned128()
    {
        UInt128 value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = Byte();
            // 18 bytes hold 126 bits; the 19th may hold two more.
            Demand(shift < 126 || (shift == 126 && next <= 3), "a number is too large");
            value |= (UInt128)(next & 0x7fu) << shift;
            if (next < 0x80)
            {
                Demand(next != 0 || shift == 0, "a number is longer than it need be");
                return value;
            }
        }
    }

    public long Signed()
    {
        ulong value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public Int128 Signed128()
    {
        UInt128 value = Unsigned128();
        return (Int128)(value >> 1) ^ -(Int128)(value & 1);
    }

    /// <summary>A number of values.</summary>
    public long Count()
    {
        ulong count = Unsigned();
        Demand(count <= StatePart.MaxCount, "it counts more values than there can be");
        return (long)count;
    }

    /// <summary>A number of things of which each takes at least so many of the bytes that follow: none is allocated for before it is there.</summary>
    public int Length(int most, int bytesEach)
    {
        ulong length = Unsigned();
        Demand(length <= (ulong)most && length <= (ulong)(_rest.Length / bytesEach), "it promises more than it holds");
        return (int)length;
    }
}
