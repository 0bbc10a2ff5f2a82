using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Tests.Storage;

public class IdempotenceTests
{
    [Fact]
    public async Task A_batch_that_comes_again_is_answered_with_its_former_offset_and_time()
    {
        await using var stage = await Stage.WithTopicAsync(("message.timestamp.type", "LogAppendTime"));
        var first = Append(stage, 0, 0, 2);
        stage.Clock.Now += TimeSpan.FromSeconds(5);
        Append(stage, 0, 2, 3);

        var again = Append(stage, 0, 0, 2);

        Assert.Equal((StorageError.None, true), (again.Error, again.IsDuplicate));
        Assert.Equal((first.BaseOffset, first.LogAppendTimeMs), (again.BaseOffset, again.LogAppendTimeMs));
        Assert.Equal(5, stage.Partition.HighWatermark);
    }

    [Fact]
    public async Task The_last_five_batches_are_remembered_and_an_older_one_is_out_of_order()
    {
        await using var stage = await Stage.WithTopicAsync();
        for (var sequence = 0; sequence < 6; sequence++)
        {
            Append(stage, 0, sequence, 1);
        }

        Assert.Equal(StorageError.OutOfOrderSequenceNumber, Append(stage, 0, 0, 1).Error);
        Assert.True(Append(stage, 0, 1, 1).IsDuplicate);
        Assert.True(Append(stage, 0, 5, 1).IsDuplicate);
    }

    [Fact]
    public async Task A_gap_is_out_of_order_and_writes_nothing()
    {
        await using var stage = await Stage.WithTopicAsync();
        Append(stage, 0, 0, 2);

        Assert.Equal(StorageError.OutOfOrderSequenceNumber, Append(stage, 0, 3, 1).Error);
        Assert.Equal(2, stage.Partition.HighWatermark);
        Assert.Equal(StorageError.None, Append(stage, 0, 2, 1).Error);
    }

    [Fact]
    public async Task A_new_epoch_begins_at_zero_and_shuts_the_old_one_out()
    {
        await using var stage = await Stage.WithTopicAsync();
        Append(stage, 0, 0, 2);

        Assert.Equal(StorageError.OutOfOrderSequenceNumber, Append(stage, 1, 2, 1).Error);
        Assert.Equal(StorageError.None, Append(stage, 1, 0, 1).Error);
        Assert.Equal(StorageError.InvalidProducerEpoch, Append(stage, 0, 2, 1).Error);
    }

    [Fact]
    public async Task Sequence_numbers_go_round()
    {
        await using var stage = await Stage.WithTopicAsync();
        Append(stage, 0, int.MaxValue - 1, 3);

        Assert.Equal(StorageError.OutOfOrderSequenceNumber, Append(stage, 0, 0, 1).Error);
        Assert.Equal(StorageError.None, Append(stage, 0, 1, 1).Error);
        Assert.True(Append(stage, 0, int.MaxValue - 1, 3).IsDuplicate);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_known_of_producers_survives_a_restart(bool cleanly)
    {
        await using var stage = await Stage.WithTopicAsync(("segment.bytes", "200"));
        for (var sequence = 0; sequence < 4; sequence++)
        {
            Append(stage, 3, sequence, 1);
        }

        await stage.RestartAsync(cleanly);

        Assert.True(Append(stage, 3, 1, 1) is { IsDuplicate: true, BaseOffset: 1 });
        Assert.Equal(StorageError.OutOfOrderSequenceNumber, Append(stage, 3, 5, 1).Error);
        Assert.Equal(StorageError.InvalidProducerEpoch, Append(stage, 2, 4, 1).Error);
        Assert.Equal(StorageError.None, Append(stage, 3, 4, 1).Error);
    }

    [Fact]
    public async Task A_producer_that_was_silent_too_long_is_forgotten()
    {
        await using var stage = await Stage.WithTopicAsync();
        Append(stage, 3, 0, 1);
        stage.Clock.Now += TimeSpan.FromDays(2);

        stage.Partition.Checkpoint(TimeSpan.FromDays(1));

        Assert.Equal(StorageError.None, Append(stage, 3, 7, 1).Error);
    }

    private static AppendResult Append(Stage stage, short epoch, int sequence, int count) =>
        stage.Partition.Append(Batches.Idempotent(42, epoch, sequence, [.. Enumerable.Range(0, count).Select(i => $"{i}")]));
}
