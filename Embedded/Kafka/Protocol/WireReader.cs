using System.Buffers.Binary;
using System.Text;

using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Protocol;

/// <summary>
/// Reads the protocol's primitive types from one received frame. Every length is checked against what is left of the frame before anything
/// is taken from it, so that memory is bounded by bytes that really came. Source: kafka.apache.org/protocol, "Protocol Primitive Types".
/// </summary>
internal ref struct WireReader
{
    /// <summary>Elements that a list reserves room for before the first is read.</summary>
    private const int MaxInitialCapacity = 256;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> _memory;
    private readonly ReadOnlySpan<byte> _span;
    private int _position;

    public WireReader(ReadOnlyMemory<byte> frame, short version = 0, bool flexible = false)
    {
        _memory = frame;
        _span = frame.Span;
        _position = 0;
        Version = version;
        Flexible = flexible;
    }

    public delegate T ElementReader<out T>(ref WireReader reader);

    public short Version { get; private set; }

    public bool Flexible { get; private set; }

    public readonly int Remaining => _span.Length - _position;

    /// <summary>Sets the version once the header has told it.</summary>
    public void BeginBody(short version, bool flexible) => (Version, Flexible) = (version, flexible);

    public byte ReadByte() => Take(1)[0];

    public sbyte ReadInt8() => (sbyte)ReadByte();

    public IsolationLevel ReadIsolationLevel()
    {
        var level = (IsolationLevel)ReadInt8();
        return level is IsolationLevel.ReadUncommitted or IsolationLevel.ReadCommitted
            ? level
            : throw new MalformedRequestException($"{(sbyte)level} is no isolation level.");
    }

    public bool ReadBoolean() => ReadByte() != 0;

    public short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public Guid ReadUuid() => new(Take(16), bigEndian: true);

    public uint ReadUnsignedVarint()
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = ReadByte();
            if (shift == 28 && next > 0x0F)
            {
                break;
            }

            value |= (uint)(next & 0x7F) << shift;
            if ((next & 0x80) == 0)
            {
                return value;
            }
        }

        throw new MalformedRequestException("A varint has more than 32 bits.");
    }

    public string ReadString() => ReadNullableString() ?? throw new MalformedRequestException("A string that must be there is null.");

    public string? ReadNullableString() => Flexible ? Decode(ReadCompactLength()) : ReadNullableClassicString();

    /// <summary>A string with a 16-bit length, whatever the version.</summary>
    public string? ReadNullableClassicString() => Decode(ReadInt16());

    public ReadOnlyMemory<byte> ReadBytes() => ReadNullableBytes() ?? throw new MalformedRequestException("Bytes that must be there are null.");

    /// <summary>A view into the frame: valid as long as the frame is.</summary>
    public ReadOnlyMemory<byte>? ReadNullableBytes()
    {
        var length = Flexible ? ReadCompactLength() : ReadInt32();
        if (length < 0)
        {
            return length == -1 ? null : throw new MalformedRequestException($"A length of {length}.");
        }

        var start = _position;
        Take(length);
        return _memory.Slice(start, length);
    }

    public List<T> ReadArray<T>(ElementReader<T> readElement) =>
        ReadNullableArray(readElement) ?? throw new MalformedRequestException("An array that must be there is null.");

    public List<T>? ReadNullableArray<T>(ElementReader<T> readElement)
    {
        var count = Flexible ? ReadCompactLength() : ReadInt32();
        if (count < 0)
        {
            return count == -1 ? null : throw new MalformedRequestException($"An array of {count} elements.");
        }

        // Every element takes at least one byte.
        if (count > Remaining)
        {
            throw new MalformedRequestException($"An array of {count} elements in {Remaining} bytes.");
        }

        var list = new List<T>(Math.Min(count, MaxInitialCapacity));
        for (var i = 0; i < count; i++)
        {
            list.Add(readElement(ref this));
        }

        return list;
    }

    public List<int> ReadInt32Array() => ReadArray(static (ref WireReader r) => r.ReadInt32());

    public List<string> ReadStringArray() => ReadArray(static (ref WireReader r) => r.ReadString());

    /// <summary>Passes over the tagged fields that end a structure in flexible versions; none of those sent by clients is needed here.</summary>
    public void SkipTaggedFields()
    {
        if (!Flexible)
        {
            return;
        }

        for (var count = ReadUnsignedVarint(); count > 0; count--)
        {
            ReadUnsignedVarint();
            var size = ReadUnsignedVarint();
            Take(size <= int.MaxValue ? (int)size : throw new MalformedRequestException($"A tagged field of {size} bytes."));
        }
    }

    /// <summary>Compact lengths are stored plus one; 0 is null (KIP-482). Gives -1 for null.</summary>
    private int ReadCompactLength()
    {
        var value = ReadUnsignedVarint();
        return value <= int.MaxValue ? (int)value - 1 : throw new MalformedRequestException($"A length of {value}.");
    }

    private string? Decode(int length)
    {
        if (length < 0)
        {
            return length == -1 ? null : throw new MalformedRequestException($"A length of {length}.");
        }

        try
        {
            return StrictUtf8.GetString(Take(length));
        }
        catch (DecoderFallbackException)
        {
            throw new MalformedRequestException("A string is not UTF-8.");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)Remaining)
        {
            throw new MalformedRequestException($"{count} bytes wanted where {Remaining} are left.");
        }

        var taken = _span.Slice(_position, count);
        _position += count;
        return taken;
    }
}
