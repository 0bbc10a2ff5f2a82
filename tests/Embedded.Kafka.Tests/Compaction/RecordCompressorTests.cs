using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Tests.Compaction;

/// <summary>What is packed is unpacked the same. That others unpack it too is for <see cref="Clients.CompactedTopicTests"/>.</summary>
public class RecordCompressorTests
{
    [Theory]
    [InlineData(CompressionCodec.Gzip)]
    [InlineData(CompressionCodec.Snappy)]
    [InlineData(CompressionCodec.Lz4)]
    public void Anything_of_any_size_is_unpacked_as_it_was(CompressionCodec codec)
    {
        var random = new Random(20_251_121);
        foreach (var size in new[] { 1, 4, 5, 11, 12, 13, 14, 17, 64, 270, 4_000, 65_535, 65_536, 65_537, 200_000 })
        {
            foreach (var symbols in new[] { 1, 2, 4, 256 })
            {
                var plain = new byte[size];
                for (var i = 0; i < size; i++)
                {
                    plain[i] = i > 20 && random.Next(10) > 2 ? plain[i - random.Next(1, 20)] : (byte)random.Next(symbols);
                }

                var packed = RecordCompressor.TryCompress(codec, plain)!;

                Assert.Equal(plain, RecordDecompressor.TryDecompress(codec, packed)!.Value.ToArray());
            }
        }
    }
}
