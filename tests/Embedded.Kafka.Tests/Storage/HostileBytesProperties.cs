using FsCheck;
using FsCheck.Fluent;
using IronSnappy;
using Streaming.Embedded.Kafka.Records;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Tests.Storage;

/// <summary>Whatever a client sends is refused or stored whole; nothing throws.</summary>
public class HostileBytesProperties
{
    private static readonly byte[] Plain = Batches.At(1, 2, 3, 4, 5)[RecordBatchHeader.Size..];

    private static readonly Gen<(int At, byte Value)[]> Changes = Gen.Choose(0, 400).SelectMany(at => Gen.Choose(0, 255).Select(value => (at, (byte)value)))
        .ArrayOf();

    [Fact]
    public void A_changed_batch_is_refused_or_read_back_as_it_is() => Check(changes =>
    {
        var batch = Batches.Make([.. Enumerable.Range(0, 20).Select(i => (1_000L + i, (string?)"key", $"value {i}"))], producerId: 7, epoch: 0, sequence: 0);
        Change(batch, changes);
        Batches.Seal(batch);
        var headers = new List<RecordBatchHeader>();

        var (error, _) = BatchSetValidator.Validate(batch, maxBatchBytes: 1 << 20, requireKeys: false, headers);

        if (error == StorageError.None && headers[0].Compression == CompressionCodec.None)
        {
            Assert.Equal(headers[0].RecordCount, Batches.Decode(batch).Count);
        }
    });

    [Theory]
    [InlineData(CompressionCodec.None)]
    [InlineData(CompressionCodec.Gzip)]
    [InlineData(CompressionCodec.Snappy)]
    [InlineData(CompressionCodec.Lz4)]
    [InlineData(CompressionCodec.Zstd)]
    public void Damaged_compressed_bytes_never_throw(CompressionCodec codec) => Check(changes =>
    {
        byte[] packed = codec switch
        {
            CompressionCodec.Gzip => Batches.Gzip(Plain),
            CompressionCodec.Snappy => [0x82, .. "SNAPPY\0"u8, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, (byte)Snappy.Encode(Plain).Length, .. Snappy.Encode(Plain)],
            CompressionCodec.Lz4 => [0x04, 0x22, 0x4D, 0x18, 0x60, 0x40, 0x82, 12, 0, 0, 0, 0x44, 1, 2, 3, 4, 2, 0, 0x30, 7, 8, 9, 0, 0, 0, 0],
            _ => [.. Plain],
        };
        Change(packed, changes);

        Walk(RecordDecompressor.TryDecompress(codec, packed));
        Walk(RecordDecompressor.TryDecompress(codec, packed.AsSpan(0, changes.Length % packed.Length)));
        if (codec == CompressionCodec.Snappy)
        {
            Walk(RecordDecompressor.TryDecompress(codec, packed.AsSpan(20))); // the same without the framing
        }
    });

    private static void Walk(ReadOnlyMemory<byte>? plain)
    {
        var cursor = new RecordCursor(plain is { } bytes ? bytes.Span : []);
        while (cursor.MoveNext())
        {
            Assert.True(cursor.OffsetDelta >= 0);
        }
    }

    private static void Change(byte[] bytes, (int At, byte Value)[] changes)
    {
        foreach (var (at, value) in changes)
        {
            bytes[at % bytes.Length] = value;
        }
    }

    private static void Check(Action<(int At, byte Value)[]> claim) =>
        Prop.ForAll(Arb.From(Changes), claim).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(12));
}
