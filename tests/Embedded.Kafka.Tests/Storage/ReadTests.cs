using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Tests.Storage;

public class ReadTests
{
    [Fact]
    public async Task A_read_in_the_middle_of_a_batch_gives_the_whole_batch()
    {
        await using var stage = await Stage.WithTopicAsync();
        stage.Partition.Append(Batches.Of("a", "b", "c"));
        stage.Partition.Append(Batches.Of("d"));

        using var slice = stage.Partition.Read(1, 1000, true);

        Assert.Equal([0, 1, 2, 3], Batches.Decode(Stage.Bytes(slice)).Select(record => (int)record.Offset));
        Assert.Equal(4, slice.Bounds.HighWatermark);
    }

    [Fact]
    public async Task Only_whole_batches_within_the_limit_come()
    {
        await using var stage = await Stage.WithTopicAsync();
        var size = Batches.Of("x").Length;
        Fill(stage, 200);

        using var slice = stage.Partition.Read(50, (size * 3) + 1, true);

        Assert.Equal(size * 3, slice.Length);
        Assert.Equal(50, Batches.Decode(Stage.Bytes(slice))[0].Offset);
    }

    [Fact]
    public async Task A_first_batch_over_the_limit_comes_alone_or_not_at_all_as_asked()
    {
        await using var stage = await Stage.WithTopicAsync();
        Fill(stage, 3);

        using var with = stage.Partition.Read(0, 1, minOneBatch: true);
        using var without = stage.Partition.Read(0, 1, minOneBatch: false);

        Assert.Equal(0, Assert.Single(Batches.Decode(Stage.Bytes(with))).Offset);
        Assert.Equal((StorageError.None, 0), (without.Error, without.Length));
    }

    [Fact]
    public async Task The_end_is_empty_and_what_lies_outside_is_out_of_range()
    {
        await using var stage = await Stage.WithTopicAsync();
        Fill(stage, 3);
        stage.Partition.DeleteRecords(1);

        Assert.Equal((StorageError.None, 0), Look(3));
        Assert.Equal(StorageError.OffsetOutOfRange, Look(4).Error);
        Assert.Equal(StorageError.OffsetOutOfRange, Look(0).Error);
        Assert.Equal(StorageError.OffsetOutOfRange, Look(-1).Error);

        (StorageError Error, int Length) Look(long offset)
        {
            using var slice = stage.Partition.Read(offset, 1000, true);
            return (slice.Error, slice.Length);
        }
    }

    [Fact]
    public async Task A_slice_stays_readable_when_its_segment_and_its_topic_are_deleted()
    {
        await using var stage = await Stage.WithTopicAsync();
        var partition = stage.Partition;
        Fill(stage, 3);
        using var slice = partition.Read(0, 1000, true);
        stage.Store.TryGet("t", out var topic);

        await stage.Store.DeleteAsync(topic!, default);

        Assert.Equal(3, Batches.Decode(Stage.Bytes(slice)).Count);
        using var later = partition.Read(0, 1000, true);
        Assert.Equal(StorageError.UnknownTopicOrPartition, later.Error);
        Assert.Equal(StorageError.UnknownTopicOrPartition, partition.Append(Batches.Of("x")).Error);
    }

    [Fact]
    public async Task A_read_goes_on_in_the_next_segment()
    {
        await using var stage = await Stage.WithTopicAsync(("segment.bytes", "200"));
        Fill(stage, 50);

        Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), stage.ReadAll().Select(record => record.Offset));
        Assert.True(Directory.GetFiles(stage.PartitionFolder, "*.log").Length > 10);
    }

    [Fact]
    public async Task A_file_that_was_shortened_behind_the_brokers_back_is_a_storage_error()
    {
        await using var stage = await Stage.WithTopicAsync();
        Fill(stage, 3);
        File.WriteAllBytes(Path.Combine(stage.PartitionFolder, "00000000000000000000.log"), []);

        using var slice = stage.Partition.Read(1, 1000, true);

        Assert.Equal(StorageError.KafkaStorageError, slice.Error);
    }

    private static void Fill(Stage stage, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(i, stage.Partition.Append(Batches.Of("x")).BaseOffset);
        }
    }
}
