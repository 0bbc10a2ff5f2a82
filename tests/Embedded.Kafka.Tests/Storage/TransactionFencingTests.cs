using Streaming.Embedded.Kafka.Records;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Tests.Storage;

public class TransactionFencingTests
{
    private const long Id = 42;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_batch_of_an_older_epoch_than_the_latest_marker_is_refused(bool restart)
    {
        await using var stage = await Stage.WithTopicAsync();
        Assert.Equal(StorageError.None, Send(stage, 0, 0).Error);
        Assert.Equal(StorageError.None, End(stage, 1).Error);
        if (restart)
        {
            await stage.RestartAsync(cleanly: false);
        }

        Assert.Equal(StorageError.InvalidProducerEpoch, Send(stage, 0, 1).Error);
        Assert.Equal(StorageError.InvalidProducerEpoch, stage.Partition.Append(Batches.Idempotent(Id, 0, 1, "plain")).Error);
        Assert.Equal(StorageError.InvalidProducerEpoch, End(stage, 0).Error);
        Assert.Equal(2, stage.Partition.HighWatermark);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_marker_with_a_new_epoch_sequences_begin_at_zero(bool restart)
    {
        await using var stage = await Stage.WithTopicAsync();
        Send(stage, 0, 0);
        End(stage, 1);
        if (restart)
        {
            await stage.RestartAsync(cleanly: true);
        }

        Assert.Equal(StorageError.OutOfOrderSequenceNumber, Send(stage, 1, 1).Error);
        Assert.Equal(StorageError.None, Send(stage, 1, 0).Error);
        Assert.Equal(StorageError.None, Send(stage, 1, 1).Error);
    }

    [Fact]
    public async Task After_a_marker_of_the_same_epoch_sequences_go_on_and_duplicates_are_known()
    {
        await using var stage = await Stage.WithTopicAsync();
        Send(stage, 0, 0);
        End(stage, 0);

        Assert.True(Send(stage, 0, 0) is { IsDuplicate: true, BaseOffset: 0 });
        Assert.Empty(stage.Partition.OpenTransactions);
        Assert.Equal(StorageError.OutOfOrderSequenceNumber, Send(stage, 0, 2).Error);
        Assert.Equal(2, Send(stage, 0, 1).BaseOffset);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_producer_of_which_only_a_marker_is_known_may_begin_with_any_sequence(bool restart)
    {
        await using var stage = await Stage.WithTopicAsync();
        End(stage, 3);
        if (restart)
        {
            await stage.RestartAsync(cleanly: true);
        }

        Assert.Equal(StorageError.None, Send(stage, 3, 17).Error);
        Assert.Equal(StorageError.OutOfOrderSequenceNumber, Send(stage, 3, 19).Error);
    }

    [Fact]
    public async Task A_batch_outside_of_the_producers_open_transaction_is_refused()
    {
        await using var stage = await Stage.WithTopicAsync();
        Send(stage, 0, 0);

        Assert.Equal(StorageError.InvalidTransactionState, stage.Partition.Append(Batches.Idempotent(Id, 0, 1, "plain")).Error);
        Assert.Equal(1, stage.Partition.HighWatermark);
        End(stage, 0);
        Assert.Equal(StorageError.None, stage.Partition.Append(Batches.Idempotent(Id, 0, 1, "plain")).Error);
    }

    [Fact]
    public async Task A_new_epoch_cannot_join_the_open_transaction_of_the_former_one()
    {
        await using var stage = await Stage.WithTopicAsync();
        Send(stage, 0, 0);

        Assert.Equal(StorageError.InvalidTransactionState, Send(stage, 1, 0).Error);
        End(stage, 1);
        Assert.Equal(StorageError.None, Send(stage, 1, 0).Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_marker_of_an_older_coordinator_is_refused(bool restart)
    {
        await using var stage = await Stage.WithTopicAsync();
        Send(stage, 0, 0);
        Assert.Equal(StorageError.None, End(stage, 0, coordinatorEpoch: 5).Error);
        if (restart)
        {
            await stage.RestartAsync(cleanly: false);
        }

        Assert.Equal(StorageError.TransactionCoordinatorFenced, End(stage, 0, coordinatorEpoch: 4).Error);
        Assert.Equal(StorageError.None, End(stage, 0, coordinatorEpoch: 5).Error);
    }

    [Fact]
    public async Task Clients_write_no_markers()
    {
        await using var stage = await Stage.WithTopicAsync();
        Send(stage, 0, 0);
        var marker = new EndTransactionMarker(IsCommit: true, CoordinatorEpoch: 0).ToBatch(Id, 0, 1_000);

        Assert.Equal(StorageError.InvalidRecord, stage.Partition.Append(marker).Error);
        Assert.Equal(0, stage.Partition.LastStableOffset);
    }

    private static AppendResult Send(Stage stage, short epoch, int sequence) =>
        stage.Partition.Append(Batches.Transactional(Id, epoch, sequence, $"{epoch}/{sequence}"));

    private static AppendResult End(Stage stage, short epoch, int coordinatorEpoch = 0) =>
        stage.Partition.AppendMarker(Id, epoch, commit: false, coordinatorEpoch);
}
