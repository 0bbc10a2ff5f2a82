using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Protocol;

/// <summary>
/// Writes the protocol's primitive types into one pooled buffer. Record batches are not copied into it: <see cref="WriteRecords"/>
/// notes where a slice of a log belongs, and the sender interleaves them. The slices stay the response's.
/// </summary>
internal sealed class WireWriter : IDisposable
{
    private readonly List<Splice> _splices = [];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(512);
    private int _length;
    private int _spliced;

    public delegate void ElementWriter<in T>(WireWriter writer, T element);

    public short Version { get; private set; }

    public bool Flexible { get; private set; }

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    public IReadOnlyList<Splice> Splices => _splices;

    /// <summary>Bytes of the whole message, slices included.</summary>
    public int TotalLength => checked(_length + _spliced);

    public void BeginBody(short version, bool flexible) => (Version, Flexible) = (version, flexible);

    public void WriteByte(byte value) => Reserve(1)[0] = value;

    public void WriteInt8(sbyte value) => WriteByte((byte)value);

    public void WriteBoolean(bool value) => WriteByte(value ? (byte)1 : (byte)0);

    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16BigEndian(Reserve(2), value);

    public void WriteError(ErrorCode value) => WriteInt16((short)value);

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Reserve(4), value);

    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Reserve(8), value);

    public void WriteUuid(Guid value) => value.TryWriteBytes(Reserve(16), bigEndian: true, out _);

    public void WriteUnsignedVarint(uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            WriteByte((byte)(value | 0x80));
        }

        WriteByte((byte)value);
    }

    public void WriteString(string value) => WriteNullableString(value);

    /// <summary>At most 32,767 bytes as UTF-8: longer ones have no place in non-flexible versions.</summary>
    public void WriteNullableString(string? value)
    {
        var length = value is null ? -1 : Encoding.UTF8.GetByteCount(value);
        if (Flexible)
        {
            WriteUnsignedVarint((uint)(length + 1));
        }
        else
        {
            WriteInt16(checked((short)length));
        }

        if (value is not null)
        {
            Encoding.UTF8.GetBytes(value, Reserve(length));
        }
    }

    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteLength(value.Length);
        value.CopyTo(Reserve(value.Length));
    }

    /// <summary>Length, and a note that the slice's bytes follow here.</summary>
    public void WriteRecords(LogSlice? slice)
    {
        WriteLength(slice?.Length ?? 0);
        if (slice is { Length: > 0 })
        {
            _splices.Add(new Splice(_length, slice));
            _spliced += slice.Length;
        }
    }

    public void WriteArray<T>(IReadOnlyCollection<T> elements, ElementWriter<T> writeElement)
    {
        WriteLength(elements.Count);
        foreach (var element in elements)
        {
            writeElement(this, element);
        }
    }

    public void WriteEmptyArray() => WriteLength(0);

    public void WriteNullArray() => WriteLength(-1);

    public void WriteInt32Array(IReadOnlyCollection<int> values) => WriteArray(values, static (w, value) => w.WriteInt32(value));

    /// <summary>Ends a structure of a flexible version; no tagged field is sent.</summary>
    public void WriteTaggedFields()
    {
        if (Flexible)
        {
            WriteByte(0);
        }
    }

    /// <summary>Overwrites four bytes, for a size that is known last.</summary>
    public void PatchInt32(int position, int value) => BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(position, 4), value);

    public void Dispose()
    {
        _splices.Clear();
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void WriteLength(int length)
    {
        if (Flexible)
        {
            WriteUnsignedVarint((uint)(length + 1));
        }
        else
        {
            WriteInt32(length);
        }
    }

    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _length < count)
        {
            Grow(checked(_length + count));
        }

        var reserved = _buffer.AsSpan(_length, count);
        _length += count;
        return reserved;
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _buffer.Length * 2));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    /// <summary>A slice that is sent after the first <paramref name="Position"/> bytes of the buffer.</summary>
    internal readonly record struct Splice(int Position, LogSlice Slice);
}
