using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Tests.Storage;

public class LastStableOffsetTests
{
    // offset  0  1  2  3  4  5  6  7  8
    //         a  b  -  a  A  c  B  -  C     small: a record of the producer; large: its marker; -: of no transaction
    [Fact]
    public async Task It_is_the_first_offset_of_the_earliest_open_transaction()
    {
        await using var stage = await Stage.WithTopicAsync();
        var (a, b, c) = (new TransactionalWriter(stage, 1), new TransactionalWriter(stage, 2), new TransactionalWriter(stage, 3));
        Assert.Equal(0, Stable(() => a.Send("a0")));
        Assert.Equal(0, Stable(() => b.Send("b1")));
        Assert.Equal(0, Stable(() => stage.Partition.Append(Batches.Of("plain"))));
        Assert.Equal(0, Stable(() => a.Send("a3")));
        Assert.Equal(1, Stable(() => a.Commit()));
        Assert.Equal(1, Stable(() => c.Send("c5")));
        Assert.Equal(5, Stable(() => b.Abort()));
        Assert.Equal(5, Stable(() => stage.Partition.Append(Batches.Of("plain"))));
        Assert.Equal(9, Stable(() => c.Commit()));
        Assert.Equal(9, stage.Partition.HighWatermark);

        long Stable(Func<AppendResult> step)
        {
            Assert.Equal(StorageError.None, step().Error);
            return stage.Partition.LastStableOffset;
        }
    }

    [Fact]
    public async Task Without_transactions_it_is_the_high_watermark()
    {
        await using var stage = await Stage.WithTopicAsync();
        Assert.Equal(0, stage.Partition.LastStableOffset);
        stage.Partition.Append(Batches.Idempotent(1, 0, 0, "x", "y"));
        Assert.Equal(2, stage.Partition.LastStableOffset);
    }

    [Fact]
    public async Task Reading_committed_ends_exactly_there_and_reading_uncommitted_does_not()
    {
        await using var stage = await Stage.WithTopicAsync(("index.interval.bytes", "1000000"));
        var producer = new TransactionalWriter(stage, 1);
        stage.Partition.Append(Batches.Of("plain"));
        producer.Send("open");
        stage.Partition.Append(Batches.Of("behind"));

        Assert.Equal([(0L, "plain")], CommittedReader.Read(stage.Partition));
        Assert.Equal(["plain", "open", "behind"], stage.ReadAll().Select(record => record.Value));
        foreach (var offset in new[] { 1L, 2, 3 })
        {
            using var slice = stage.Partition.Read(offset, 1000, minOneBatch: true, IsolationLevel.ReadCommitted);
            Assert.Equal((StorageError.None, 0), (slice.Error, slice.Length));
        }
        using var beyond = stage.Partition.Read(4, 1000, minOneBatch: true, IsolationLevel.ReadCommitted);
        Assert.Equal(StorageError.OffsetOutOfRange, beyond.Error);
    }

    [Fact]
    public async Task A_marker_without_a_transaction_and_the_same_marker_again_change_nothing_for_readers()
    {
        await using var stage = await Stage.WithTopicAsync();
        var producer = new TransactionalWriter(stage, 1);
        Assert.Equal(0, producer.Abort().BaseOffset);
        producer.Send("kept");
        Assert.Equal(2, producer.Commit().BaseOffset);
        Assert.Equal(3, producer.Abort().BaseOffset);
        producer.Send("dropped");
        Assert.Equal(5, producer.Abort().BaseOffset);
        Assert.Equal(6, producer.Commit().BaseOffset);

        Assert.Equal(7, stage.Partition.LastStableOffset);
        Assert.Equal([(1L, "kept")], CommittedReader.Read(stage.Partition));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deleting_the_beginning_of_an_open_transaction_moves_it_to_the_logs_start(bool restart)
    {
        await using var stage = await Stage.WithTopicAsync();
        var producer = new TransactionalWriter(stage, 1);
        producer.Send("a", "b", "c");
        producer.Send("d");

        Assert.Equal(StorageError.None, stage.Partition.DeleteRecords(1)); // within a batch
        if (restart)
        {
            await stage.RestartAsync(cleanly: false);
        }

        Assert.Equal((1, 1, 4), (stage.Partition.LogStartOffset, stage.Partition.LastStableOffset, stage.Partition.HighWatermark));
        Assert.Empty(CommittedReader.Read(stage.Partition));
        Assert.Equal(StorageError.None, stage.Partition.DeleteRecords(-1));
        Assert.Equal(4, stage.Partition.LastStableOffset);
        producer.Send("e");
        Assert.Equal(4, stage.Partition.LastStableOffset);
        producer.Commit();
        Assert.Equal([(4L, "e")], CommittedReader.Read(stage.Partition));
    }

    [Fact]
    public async Task Retention_may_take_an_open_transaction_away()
    {
        await using var stage = await Stage.WithTopicAsync(("segment.bytes", "200"), ("retention.ms", "1000"));
        var producer = new TransactionalWriter(stage, 1);
        producer.Send("a");
        producer.Send("b");
        stage.Clock.Now = DateTimeOffset.FromUnixTimeMilliseconds(10_000);

        stage.Store.ApplyRetention(stage.Clock.Now);

        Assert.Equal((2, 2), (stage.Partition.LogStartOffset, stage.Partition.LastStableOffset));
        Assert.Single(stage.Partition.OpenTransactions);
        producer.Abort();
        Assert.Equal(3, stage.Partition.LastStableOffset);
        Assert.Empty(stage.Partition.OpenTransactions);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_open_transaction_survives_a_restart_and_goes_on(bool cleanly)
    {
        await using var stage = await Stage.WithTopicAsync();
        var producer = new TransactionalWriter(stage, 7, epoch: 3);
        stage.Partition.Append(Batches.Of("plain"));
        producer.Send("a");
        stage.Partition.Checkpoint(TimeSpan.FromDays(1));
        producer.Send("b");

        await stage.RestartAsync(cleanly);

        Assert.Equal(1, stage.Partition.LastStableOffset);
        Assert.Equal((7L, (short)3, 1L), stage.Partition.OpenTransactions.Select(open => (open.ProducerId, open.ProducerEpoch, open.FirstOffset)).Single());
        Assert.Equal(StorageError.None, producer.Send("c").Error);
        producer.Commit();
        Assert.Equal(["plain", "a", "b", "c"], CommittedReader.Read(stage.Partition).Select(record => record.Value));
    }

    [Fact]
    public async Task A_silent_producer_with_an_open_transaction_is_not_forgotten()
    {
        await using var stage = await Stage.WithTopicAsync();
        var (open, done) = (new TransactionalWriter(stage, 1), new TransactionalWriter(stage, 2));
        open.Send("a");
        done.Send("b");
        done.Commit();
        stage.Clock.Now += TimeSpan.FromDays(2);

        stage.Partition.Checkpoint(TimeSpan.FromDays(1));
        await stage.RestartAsync(cleanly: true);

        Assert.Equal(0, stage.Partition.LastStableOffset);
        open.Abort();
        Assert.Equal([(1L, "b")], CommittedReader.Read(stage.Partition));
    }

    [Fact]
    public async Task Who_waits_is_told_when_a_marker_or_a_deletion_moves_it()
    {
        await using var stage = await Stage.WithTopicAsync();
        var (producer, told) = (new TransactionalWriter(stage, 1), 0);
        producer.Send("a");
        stage.Partition.Advanced += () => told++;

        stage.Partition.DeleteRecords(-1);
        Assert.Equal(1, told);
        producer.Commit();
        Assert.Equal(2, told);
    }

    [Fact]
    public async Task A_full_disk_refuses_a_marker_and_leaves_the_transaction_open()
    {
        await using var stage = await Stage.WithTopicAsync();
        var producer = new TransactionalWriter(stage, 1);
        producer.Send("a");
        stage.Disk.Room = 20;
        Assert.Equal(StorageError.KafkaStorageError, producer.Commit().Error);
        Assert.Equal((0, 1), (stage.Partition.LastStableOffset, stage.Partition.HighWatermark));

        stage.Disk.Room = long.MaxValue;
        Assert.Equal(1, producer.Commit().BaseOffset);
        Assert.Equal([(0L, "a")], CommittedReader.Read(stage.Partition));
    }

    [Fact]
    public async Task A_deleted_topic_takes_no_marker()
    {
        await using var stage = await Stage.WithTopicAsync();
        var partition = stage.Partition;
        new TransactionalWriter(stage, 1).Send("a");
        Assert.True(stage.Store.TryGet("t", out var topic));
        await stage.Store.DeleteAsync(topic, default);

        Assert.Equal(StorageError.UnknownTopicOrPartition, partition.AppendMarker(1, 0, commit: true, 0).Error);
    }
}
