using System.IO.Compression;

namespace Streaming.Embedded.Kafka.Records;

/// <summary>Packs the records of a batch that the broker has written anew.</summary>
public static class RecordCompressor
{
    /// <summary>The packed records; null if there is no compressor for <paramref name="codec"/> here, so that they are to be stored as they are.</summary>
    public static byte[]? TryCompress(CompressionCodec codec, ReadOnlySpan<byte> plain) => codec switch
    {
        CompressionCodec.Gzip => Gzip(plain),
        CompressionCodec.Snappy => IronSnappy.Snappy.Encode(plain),
        CompressionCodec.Lz4 => Lz4FrameWriter.Encode(plain),
        _ => null,
    };

    private static byte[] Gzip(ReadOnlySpan<byte> plain)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(plain);
        }
        return packed.ToArray();
    }
}
