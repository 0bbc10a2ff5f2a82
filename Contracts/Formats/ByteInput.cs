using System.Buffers;
using System.Buffers.Binary;

namespace Streaming.Contracts.Formats;

/// <summary>Bytes being put together.</summary>
internal sealed class ByteOutput
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public void Add(byte value) => _bytes.Write([value]);

    public void Add(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_bytes.GetSpan(sizeof(int)), value);
        _bytes.Advance(sizeof(int));
    }

    public void Add(byte[] value) => _bytes.Write(value);

    public void AddWithLength(byte[]? value)
    {
        Add(value?.Length ?? -1);
        Add(value ?? []);
    }

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();
}

/// <summary>Bytes being taken apart. Once something was asked for that is not there, <see cref="HasFailed"/> holds and all that is taken is 0.</summary>
internal ref struct ByteInput(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public bool HasFailed { get; private set; }

    public readonly int Left => _rest.Length;

    public readonly bool IsAtEnd => !HasFailed && _rest.IsEmpty;

    public byte TakeByte() => Take(1) is [var one] ? one : byte.MaxValue;

    public int TakeInt32() => Take(sizeof(int)) is { Length: sizeof(int) } four ? BinaryPrimitives.ReadInt32BigEndian(four) : 0;

    /// <summary>A number of things of at least <paramref name="each"/> bytes: fails when so many cannot follow.</summary>
    public int TakeCount(int each)
    {
        var count = TakeInt32();
        if (count < 0 || count > Left / each)
        {
            HasFailed = true;
            return 0;
        }

        return count;
    }

    public byte[]? TakeWithLength()
    {
        var length = TakeInt32();
        return length == -1 ? null : Take(length);
    }

    public byte[] Take(int length)
    {
        if (HasFailed || length < 0 || length > _rest.Length)
        {
            HasFailed = true;
            return [];
        }

        var taken = _rest[..length].ToArray();
        _rest = _rest[length..];
        return taken;
    }
}
