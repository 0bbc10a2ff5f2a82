using System.Buffers.Binary;
using System.Text;

namespace Streaming.Contracts.Avro;

/// <summary>
/// Reads Avro's binary encoding of primitives. Nothing is allocated for a length that was merely claimed, and the number of values is bounded by the number of
/// bytes, so that a few bytes cannot stand for endless values without bytes (an array of nulls).
/// </summary>
/// <param name="data">The bytes of one value.</param>
internal ref struct AvroReader(ReadOnlySpan<byte> data)
{
    private const int FreeValues = 65_536;
    private const int ValuesPerByte = 8;

    private ReadOnlySpan<byte> _rest = data;
    private long _values = FreeValues + ((long)data.Length * ValuesPerByte);

    /// <summary>Bytes that are not read yet.</summary>
    public readonly int Left => _rest.Length;

    /// <summary>Counts a value, and checks how deep it lies.</summary>
    public void Enter(int depth)
    {
        if (depth > AvroSchema.MaxDepth)
        {
            throw new AvroDataException($"values are nested deeper than {AvroSchema.MaxDepth}");
        }

        if (--_values < 0)
        {
            throw new AvroDataException("there are more values than such a number of bytes can be meant to hold");
        }
    }

    /// <summary>Checks that nothing is left.</summary>
    public readonly void End()
    {
        if (_rest.Length > 0)
        {
            throw new AvroDataException($"{_rest.Length} bytes are left after the value");
        }
    }

    public bool Boolean() => Take(1)[0] switch
    {
        0 => false,
        1 => true,
        _ => throw new AvroDataException("a boolean is neither 0 nor 1"),
    };

    public int Int() => Long() is >= int.MinValue and <= int.MaxValue and var number ? (int)number : throw new AvroDataException("an int does not fit 32 bits");

    /// <summary>Zigzag, then seven bits to a byte, the lowest first.</summary>
    public long Long()
    {
        ulong bits = 0;
        for (var (i, shift) = (0, 0); i < _rest.Length && shift < 70; i++, shift += 7)
        {
            var next = _rest[i];
            if (shift == 63 && next > 1)
            {
                break;
            }

            bits |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return (long)(bits >> 1) ^ -(long)(bits & 1);
            }
        }

        throw new AvroDataException(_rest.Length >= 10 ? "a number is longer than 64 bits" : "the bytes end within a number");
    }

    public float Float() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    /// <summary>Bytes, or the UTF-8 of a text: borrowed from the data.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        var length = Long();
        return length >= 0 && length <= _rest.Length ? Take((int)length) : throw new AvroDataException($"a length of {length} where {_rest.Length} bytes are left");
    }

    public string Text()
    {
        try
        {
            return StrictUtf8.Encoding.GetString(Bytes());
        }
        catch (DecoderFallbackException e)
        {
            throw new AvroDataException("a text is not UTF-8", e);
        }
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw new AvroDataException($"{count} bytes are needed where {_rest.Length} are left");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    /// <summary>The number of an enum's symbol or a union's branch.</summary>
    public int Index(int count) => Long() is var index && index >= 0 && index < count ? (int)index : throw new AvroDataException($"number {index} where there are {count}");

    /// <summary>The number of items in the next block of an array or map; 0 after the last.</summary>
    /// <param name="bytes">The block's length where it is given; else −1.</param>
    public long Block(out long bytes)
    {
        bytes = -1;
        var count = Long();
        if (count >= 0)
        {
            return count;
        }

        bytes = Long();
        if (count == long.MinValue || bytes < 0 || bytes > _rest.Length)
        {
            throw new AvroDataException($"a block of {bytes} bytes where {_rest.Length} are left");
        }

        return -count;
    }
}

internal static class StrictUtf8
{
    public static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
