using Streaming.Embedded.Kafka.Records;
using Streaming.Embedded.Kafka.Storage;
using Step = Streaming.Embedded.Kafka.Tests.Compaction.CompactionProperties.Step;

namespace Streaming.Embedded.Kafka.Tests.Compaction;

/// <summary>Does the steps of a history and remembers every record with the outcome of its transaction.</summary>
internal sealed class CompactionModel(CompactedStage stage)
{
    private readonly List<(KeyedRecord Record, int Producer)> _sent = [];
    private readonly Dictionary<(int Producer, long Marker), bool> _markers = [];
    private readonly Dictionary<int, int> _sequences = [];
    private long _end;
    private int _values;

    public async Task DoAsync(Step step)
    {
        switch (step)
        {
            case Step.Sends sends:
                Send(sends);
                break;
            case Step.Ends ends:
                End(ends.Producer, ends.Commit);
                break;
            case Step.Waits waits:
                stage.Wait(TimeSpan.FromMilliseconds(waits.Ms));
                break;
            case Step.Cleans:
                stage.Clean();
                break;
            case Step.Restarts restarts:
                await stage.Stage.RestartAsync(restarts.Cleanly);
                break;
            case Step.DiesCleaning dies:
                stage.Stage.Disk.OperationsLeft = dies.Operations;
                stage.Clean();
                await RestartAsync(loseRecoveryPoint: false);
                break;
            case Step.LosesRecoveryPoint:
                await RestartAsync(loseRecoveryPoint: true);
                break;
        }
    }

    public void Verify()
    {
        Assert.Equal((0L, _end), (stage.Log.LogStartOffset, stage.Log.HighWatermark));
        var read = stage.Records;
        Assert.Subset(_sent.Select(sent => sent.Record).ToHashSet(), read.ToHashSet());
        Assert.Equal(read.Select(record => record.Offset).Distinct().Order(), read.Select(record => record.Offset));
        Assert.Equal(read, KeyedRecords.ReadAll(stage.Log, maxBytes: 150));
        var stable = stage.Log.LastStableOffset;
        var expected = Latest(_sent.Where(sent => sent.Record.Offset < stable && IsCommitted(sent)).Select(sent => sent.Record));
        Assert.Equal(expected, Latest(KeyedRecords.ReadCommitted(stage.Log)));
        VerifyTimes(read);
    }

    /// <summary>After the last passes nothing is left but the latest record of each key that is not deleted.</summary>
    public void VerifyCleaned() => Assert.Equal(
        Latest(_sent.Where(IsCommitted).Select(sent => sent.Record)).OrderBy(record => record.Offset), stage.Records);

    public void EndAll()
    {
        End(1, commit: true);
        End(2, commit: false);
    }

    // The first record that is as young as asked for, and where every segment has an end that is reached.
    private void VerifyTimes(List<KeyedRecord> read)
    {
        foreach (var time in read.Select(record => record.Timestamp).Distinct().Take(5))
        {
            var first = read.First(record => record.Timestamp >= time);
            var found = stage.Log.OffsetForTimestamp(time);
            Assert.True(found is { } f && (f.Offset == first.Offset || IsMarker(f.Offset)), $"{time}: {found}, not {first.Offset}");
        }
    }

    private bool IsMarker(long offset) => _markers.Keys.Any(marker => marker.Marker == offset);

    private async Task RestartAsync(bool loseRecoveryPoint)
    {
        await stage.Stage.KillAsync();
        stage.Stage.Disk.OperationsLeft = long.MaxValue;
        if (loseRecoveryPoint)
        {
            File.Delete(Path.Combine(stage.Stage.PartitionFolder, "checkpoint"));
        }
        await stage.Stage.OpenAsync();
    }

    private void Send(Step.Sends sends)
    {
        var now = stage.Stage.Clock.Now.ToUnixTimeMilliseconds();
        var sequence = _sequences.GetValueOrDefault(sends.Producer);
        (string? Key, string? Value)[] records = [.. sends.Records.Select(record => ((string?)$"k{record.Key}", record.Deletes ? null : $"v{_values++}"))];
        var batch = sends.Producer == 0
            ? KeyedRecords.Batch(sends.Codec, now, records)
            : KeyedRecords.Batch(sends.Codec, now, records, sends.Producer, sequence, BatchAttributes.Transactional);
        Assert.Equal(_end, stage.Append(batch));
        if (sends.Producer > 0)
        {
            var again = stage.Log.Append(batch);
            Assert.Equal((StorageError.None, _end, true), (again.Error, again.BaseOffset, again.IsDuplicate));
        }
        _sequences[sends.Producer] = sequence + records.Length;
        _sent.AddRange(records.Select((record, i) =>
            (new KeyedRecord(_end + i, now + i, record.Key, record.Value, $"of {record.Value ?? "nothing"}"), sends.Producer)));
        _end += records.Length;
    }

    private void End(int producer, bool commit)
    {
        var result = stage.Log.AppendMarker(producer, 0, commit, coordinatorEpoch: 0);
        Assert.Equal((StorageError.None, _end), (result.Error, result.BaseOffset));
        _markers[(producer, _end++)] = commit;
    }

    private bool IsCommitted((KeyedRecord Record, int Producer) sent) => sent.Producer == 0
        || _markers.Where(marker => marker.Key.Producer == sent.Producer && marker.Key.Marker > sent.Record.Offset)
            .OrderBy(marker => marker.Key.Marker).Select(marker => marker.Value).FirstOrDefault();

    // Key by key the latest record; none if it is a deletion, which may be there or not.
    private static List<KeyedRecord> Latest(IEnumerable<KeyedRecord> records) =>
        [.. records.GroupBy(record => record.Key).Select(same => same.MaxBy(record => record.Offset)!).Where(record => record.Value is not null)
            .OrderBy(record => record.Key, StringComparer.Ordinal)];
}
