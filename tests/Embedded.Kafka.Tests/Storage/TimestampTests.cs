using IronSnappy;
using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Tests.Storage;

public class TimestampTests
{
    [Theory]
    [InlineData(0, 0, 10)]
    [InlineData(10, 0, 10)]
    [InlineData(11, 1, 30)]
    [InlineData(31, 3, 40)]
    [InlineData(41, 5, 50)]
    [InlineData(50, 5, 50)]
    public async Task The_first_record_not_before_the_time_is_found_inside_batches_and_over_segments(long asked, long offset, long timestamp)
    {
        await using var stage = await Stage.WithTopicAsync(("segment.bytes", "100"), ("index.interval.bytes", "0"));
        stage.Partition.Append(Batches.At(10, 30, 20));
        stage.Partition.Append(Batches.At(40, 25));
        stage.Partition.Append(Batches.At(50));

        Assert.Equal((offset, timestamp), stage.Partition.OffsetForTimestamp(asked));
    }

    [Fact]
    public async Task After_the_last_time_there_is_none()
    {
        await using var stage = await Stage.WithTopicAsync();
        Assert.Null(stage.Partition.OffsetForTimestamp(0));
        stage.Partition.Append(Batches.At(10));
        Assert.Null(stage.Partition.OffsetForTimestamp(11));
    }

    [Fact]
    public async Task Deleted_records_are_not_found()
    {
        await using var stage = await Stage.WithTopicAsync();
        stage.Partition.Append(Batches.At(10, 20, 30));
        stage.Partition.DeleteRecords(2);

        Assert.Equal((2L, 30L), stage.Partition.OffsetForTimestamp(5));
    }

    [Fact]
    public async Task The_largest_timestamp_belongs_to_the_first_record_that_carries_it()
    {
        await using var stage = await Stage.WithTopicAsync(("segment.bytes", "120"));
        Assert.Equal((-1L, -1L), stage.Partition.MaxTimestamp());
        stage.Partition.Append(Batches.At(10, 90, 90));
        stage.Partition.Append(Batches.At(90));
        stage.Partition.Append(Batches.At(20));

        Assert.Equal((1L, 90L), stage.Partition.MaxTimestamp());
        await stage.RestartAsync(cleanly: true);
        Assert.Equal((1L, 90L), stage.Partition.MaxTimestamp());
    }

    [Fact]
    public async Task With_LogAppendTime_the_batchs_first_record_is_meant()
    {
        await using var stage = await Stage.WithTopicAsync(("message.timestamp.type", "LogAppendTime"));
        stage.Partition.Append(Batches.At(1, 2, 3));

        Assert.Equal((0L, 1_000_000L), stage.Partition.OffsetForTimestamp(500));
    }

    public static TheoryData<CompressionCodec> Codecs => [CompressionCodec.Gzip, CompressionCodec.Snappy, CompressionCodec.Lz4];

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task A_compressed_batch_is_looked_into(CompressionCodec codec)
    {
        await using var stage = await Stage.WithTopicAsync();
        Append(stage, codec, codec switch { CompressionCodec.Gzip => Batches.Gzip, CompressionCodec.Snappy => plain => Snappy.Encode(plain), _ => StoredLz4 });

        Assert.Equal((2L, 30L), stage.Partition.OffsetForTimestamp(25));
    }

    [Fact]
    public async Task Xerials_framing_of_snappy_is_understood()
    {
        await using var stage = await Stage.WithTopicAsync();
        Append(stage, CompressionCodec.Snappy, plain =>
        {
            var block = Snappy.Encode(plain);
            return [0x82, .. "SNAPPY\0"u8, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, (byte)(block.Length >> 8), (byte)block.Length, .. block];
        });

        Assert.Equal((2L, 30L), stage.Partition.OffsetForTimestamp(25));
    }

    [Theory]
    [InlineData(CompressionCodec.Zstd)]
    [InlineData(CompressionCodec.Gzip)]
    [InlineData(CompressionCodec.Snappy)]
    [InlineData(CompressionCodec.Lz4)]
    public async Task A_batch_that_cannot_be_looked_into_is_answered_as_a_whole(CompressionCodec codec)
    {
        await using var stage = await Stage.WithTopicAsync();
        Append(stage, codec, _ => [0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);

        Assert.Equal((0L, 40L), stage.Partition.OffsetForTimestamp(25));
    }

    private static void Append(Stage stage, CompressionCodec codec, Func<byte[], byte[]> compress) => stage.Partition.Append(
        Batches.Make([(10, "k", "aaaaaaaa"), (20, "k", "aaaaaaaa"), (30, "k", "aaaaaaaa"), (40, "k", "b")], attributes: (BatchAttributes)codec, compress: compress));

    // A frame with one block that is not packed.
    private static byte[] StoredLz4(byte[] plain) =>
        [0x04, 0x22, 0x4D, 0x18, 0x60, 0x40, 0x82, (byte)plain.Length, 0, 0, 0x80, .. plain, 0, 0, 0, 0];
}
