using System.Buffers.Binary;
using System.Text;
using Confluent.Kafka;

namespace Streaming.Aggregator.Outbox;

/// <summary>
/// Record headers as bytes of the outbox. For each header: length of the name (i32, big-endian) and its UTF-8 bytes, length of the value
/// (i32, big-endian; −1 for null) and its bytes. Order and repeated names are kept.
/// </summary>
public static class HeaderCodec
{
    private const int NullValue = -1;

    /// <summary>The headers' bytes; null when there are none.</summary>
    public static byte[]? Encode(Headers? headers)
    {
        if (headers is not { Count: > 0 })
        {
            return null;
        }

        using var bytes = new MemoryStream();
        Span<byte> number = stackalloc byte[4];
        foreach (var header in headers)
        {
            var name = Encoding.UTF8.GetBytes(header.Key);
            BinaryPrimitives.WriteInt32BigEndian(number, name.Length);
            bytes.Write(number);
            bytes.Write(name);
            var value = header.GetValueBytes();
            BinaryPrimitives.WriteInt32BigEndian(number, value?.Length ?? NullValue);
            bytes.Write(number);
            bytes.Write(value);
        }

        return bytes.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are no headers.</exception>
    public static Headers Decode(ReadOnlySpan<byte> bytes)
    {
        var headers = new Headers();
        try
        {
            while (!bytes.IsEmpty)
            {
                var nameLength = BinaryPrimitives.ReadInt32BigEndian(bytes);
                var name = Encoding.UTF8.GetString(bytes.Slice(4, nameLength));
                var valueLength = BinaryPrimitives.ReadInt32BigEndian(bytes[(4 + nameLength)..]);
                var value = bytes[(8 + nameLength)..];
                headers.Add(name, valueLength == NullValue ? null : value[..valueLength].ToArray());
                bytes = valueLength == NullValue ? value : value[valueLength..];
            }
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new InvalidDataException("The outbox row's headers cannot be read.", e);
        }

        return headers;
    }
}
