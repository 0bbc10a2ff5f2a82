using System.Buffers.Binary;
using System.IO.Compression;
using IronSnappy;

namespace Streaming.Embedded.Kafka.Records;

/// <summary>Unpacks the records of a batch, for the few questions that need a look inside.</summary>
public static class RecordDecompressor
{
    /// <summary>More than this is not unpacked: a few bytes could else claim any amount of memory.</summary>
    public const int MaxBytes = 64 << 20;

    private static ReadOnlySpan<byte> XerialMagic => [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0];

    /// <summary>The records as they were before compression; null if they are damaged, larger than <see cref="MaxBytes"/> or packed with zstd.</summary>
    public static ReadOnlyMemory<byte>? TryDecompress(CompressionCodec codec, ReadOnlySpan<byte> packed) => codec switch
    {
        CompressionCodec.None => packed.ToArray(),
        CompressionCodec.Gzip => Gzip(packed),
        CompressionCodec.Snappy => packed.StartsWith(XerialMagic) ? XerialSnappy(packed) : Snappy(packed),
        CompressionCodec.Lz4 => Lz4Frame.TryDecode(packed, MaxBytes),
        _ => null,
    };

    private static ReadOnlyMemory<byte>? Gzip(ReadOnlySpan<byte> packed)
    {
        using var gzip = new GZipStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        var plain = new MemoryStream();
        var part = new byte[32 << 10];
        try
        {
            for (int read; (read = gzip.Read(part)) > 0;)
            {
                plain.Write(part, 0, read);
                if (plain.Length > MaxBytes)
                {
                    return null;
                }
            }
        }
        catch (InvalidDataException)
        {
            return null;
        }
        return plain.GetBuffer().AsMemory(0, (int)plain.Length);
    }

    // Java's framing: magic, two versions of four bytes, then blocks with a big-endian length each.
    private static ReadOnlyMemory<byte>? XerialSnappy(ReadOnlySpan<byte> packed)
    {
        var plain = new MemoryStream();
        for (var at = XerialMagic.Length + 8; at < packed.Length;)
        {
            if (packed.Length - at < sizeof(int))
            {
                return null;
            }
            var size = BinaryPrimitives.ReadInt32BigEndian(packed[at..]);
            at += sizeof(int);
            if (size < 0 || size > packed.Length - at || Snappy(packed.Slice(at, size)) is not { } block || plain.Length + block.Length > MaxBytes)
            {
                return null;
            }
            plain.Write(block.Span);
            at += size;
        }
        return plain.GetBuffer().AsMemory(0, (int)plain.Length);
    }

    private static ReadOnlyMemory<byte>? Snappy(ReadOnlySpan<byte> packed)
    {
        if (SnappyLength(packed) is not (>= 0 and <= MaxBytes))
        {
            return null;
        }
        try
        {
            return IronSnappy.Snappy.Decode(packed);
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or IndexOutOfRangeException or InvalidOperationException)
        {
            return null; // the library tells damage in any of these ways
        }
    }

    // A block begins with its unpacked size as a plain varint.
    private static long? SnappyLength(ReadOnlySpan<byte> packed)
    {
        long value = 0;
        for (var i = 0; i < Math.Min(5, packed.Length); i++)
        {
            value |= (long)(packed[i] & 0x7f) << (7 * i);
            if (packed[i] < 0x80)
            {
                return value;
            }
        }
        return null;
    }
}
