using System.Buffers.Binary;

namespace Streaming.Contracts.Avro;

/// <summary>
/// The head that Confluent's serializers put before a value: a zero byte, then the schema's id in the registry, four bytes, big-endian
/// (https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format).
/// </summary>
public static class ConfluentWire
{
    /// <summary>The first byte. No JSON text begins with it.</summary>
    public const byte Magic = 0;

    /// <summary>Bytes before the value.</summary>
    public const int HeadLength = 5;

    /// <summary>Whether a record's value has such a head, or is what is left of one: whether its first byte is zero.</summary>
    public static bool IsWire(ReadOnlySpan<byte> value) => value is [Magic, ..];

    /// <summary>Splits a record's value.</summary>
    /// <param name="value">The record's value.</param>
    /// <param name="id">The schema's id.</param>
    /// <param name="data">The bytes after the head.</param>
    /// <returns>False when it has no such head, or not the whole of it.</returns>
    public static bool TryRead(ReadOnlySpan<byte> value, out int id, out ReadOnlySpan<byte> data)
    {
        id = 0;
        data = default;
        if (value.Length < HeadLength || value[0] != Magic)
        {
            return false;
        }

        id = BinaryPrimitives.ReadInt32BigEndian(value[1..]);
        data = value[HeadLength..];
        return true;
    }

    /// <summary>Writes the head.</summary>
    /// <param name="destination">At least <see cref="HeadLength"/> bytes.</param>
    /// <param name="id">The schema's id.</param>
    public static void WriteHead(Span<byte> destination, int id)
    {
        destination[0] = Magic;
        BinaryPrimitives.WriteInt32BigEndian(destination[1..], id);
    }
}
