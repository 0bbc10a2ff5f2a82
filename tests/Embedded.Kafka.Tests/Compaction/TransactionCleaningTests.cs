using Streaming.Embedded.Kafka.Records;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Tests.Compaction;

/// <summary>Compaction of a log with transactions.</summary>
public class TransactionCleaningTests
{
    [Fact]
    public async Task Records_of_an_aborted_transaction_go_and_do_not_displace_others()
    {
        await using var stage = await CompactedStage.OpenAsync();
        stage.Append("a=1", "b=1");
        var producer = new Writer(stage, 7);
        producer.Send("a=2", "b=-");
        producer.End(commit: false);
        producer.Send("c=1");
        producer.End(commit: true);

        stage.Clean();

        Assert.Equal("a=1@0 b=1@1 c=1@5", stage.Content);
        Assert.Equal(stage.Records, KeyedRecords.ReadCommitted(stage.Log));
    }

    [Fact]
    public async Task What_is_not_decided_is_not_cleaned()
    {
        await using var stage = await CompactedStage.OpenAsync();
        stage.Append("a=1", "a=2");
        stage.Wait(TimeSpan.FromSeconds(1));
        var producer = new Writer(stage, 7);
        producer.Send("a=3");
        stage.Wait(TimeSpan.FromSeconds(1));
        stage.Append("a=4");

        stage.Clean();
        Assert.Equal("a=2@1 a=3@2 a=4@3", stage.Content);

        producer.End(commit: true);
        stage.Clean();
        Assert.Equal("a=4@3", stage.Content);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_marker_stays_until_nothing_of_its_transaction_is_left_and_the_retention_of_deletions_is_over(bool commit)
    {
        await using var stage = await CompactedStage.OpenAsync(("delete.retention.ms", "60000"));
        var producer = new Writer(stage, 7);
        producer.Send("a=1");
        producer.End(commit);
        producer.Send("a=2");
        producer.End(commit: true);
        stage.Append("z=1");

        stage.Clean(); // the transaction's record goes
        Assert.Equal("a=2@2 z=1@4", stage.Content);
        Assert.Contains(1, Markers(stage));
        stage.Wait(TimeSpan.FromMinutes(2));
        stage.Append("y=1");
        stage.Clean(); // the marker has nothing left: its time begins
        Assert.Contains(1, Markers(stage));
        stage.Wait(TimeSpan.FromSeconds(61));
        stage.Clean();

        Assert.Equal([3L], Markers(stage));
        Assert.Equal("a=2@2 z=1@4 y=1@5", stage.Content);
        Assert.Equal(stage.Records, KeyedRecords.ReadCommitted(stage.Log));
    }

    [Fact]
    public async Task An_aborted_transaction_whose_marker_is_gone_hides_nothing_of_the_next_one()
    {
        await using var stage = await CompactedStage.OpenAsync(("delete.retention.ms", "0"));
        var producer = new Writer(stage, 7);
        producer.Send("a=1");
        producer.End(commit: false);
        for (var pass = 0; pass < 4; pass++)
        {
            stage.Append("z=1");
            stage.Clean();
        }
        producer.Send("a=2", "b=2");
        producer.End(commit: true);
        stage.Append("z=1");
        stage.Clean(); // now all of it lies in one segment

        Assert.Single(KeyedRecords.ReadCommitted(stage.Log), record => record.Key == "z");
        Assert.Equal(["a", "b"], KeyedRecords.ReadCommitted(stage.Log).Where(record => record.Key != "z").Select(record => record.Key));
        await stage.Stage.RestartAsync(cleanly: false);
        Assert.Equal(["a", "b"], KeyedRecords.ReadCommitted(stage.Log).Where(record => record.Key != "z").Select(record => record.Key));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sequence_numbers_and_epochs_survive_cleaning_and_a_restart_even_without_recovery_points(bool loseRecoveryPoint)
    {
        await using var stage = await CompactedStage.OpenAsync(("delete.retention.ms", "0"));
        var producer = new Writer(stage, 7);
        producer.Send("a=1");
        producer.End(commit: true);
        producer.Send("a=2", "b=1");
        producer.End(commit: false);
        var fenced = new Writer(stage, 8);
        fenced.Send("c=1");
        Assert.Equal(StorageError.None, stage.Log.AppendMarker(8, 5, commit: false, coordinatorEpoch: 0).Error);
        for (var pass = 0; pass < 4; pass++)
        {
            stage.Append("z=1");
            stage.Clean();
        }
        Assert.Equal(["a", "z"], stage.Records.Select(record => record.Key));

        await stage.Stage.KillAsync();
        if (loseRecoveryPoint)
        {
            File.Delete(Path.Combine(stage.Stage.PartitionFolder, "checkpoint"));
        }
        await stage.Stage.OpenAsync();

        Assert.Equal(StorageError.OutOfOrderSequenceNumber, producer.TrySend(sequence: 1, "a=9"));
        Assert.Equal(StorageError.None, producer.TrySend(sequence: 3, "a=9"));
        Assert.Equal(StorageError.InvalidProducerEpoch, fenced.TrySend(sequence: 1, "c=2"));
    }

    private static long[] Markers(CompactedStage stage) =>
        [.. KeyedRecords.ReadBatches(stage.Log).Where(batch => batch.Header.IsControl).Select(batch => batch.Header.BaseOffset)];

    private sealed class Writer(CompactedStage stage, long id)
    {
        private int _sequence;

        public void Send(params string[] records)
        {
            Assert.Equal(StorageError.None, TrySend(_sequence, records));
            _sequence += records.Length;
        }

        public StorageError TrySend(int sequence, params string[] records)
        {
            var now = stage.Stage.Clock.Now.ToUnixTimeMilliseconds();
            return stage.Log.Append(KeyedRecords.Batch(
                CompressionCodec.None, now, CompactedStage.Parse(records), id, sequence, BatchAttributes.Transactional)).Error;
        }

        public void End(bool commit) => Assert.Equal(StorageError.None, stage.Log.AppendMarker(id, 0, commit, coordinatorEpoch: 0).Error);
    }
}
