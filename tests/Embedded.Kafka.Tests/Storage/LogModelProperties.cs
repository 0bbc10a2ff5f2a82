using FsCheck;
using FsCheck.Fluent;
using Streaming.Embedded.Kafka.Records;
using Streaming.Embedded.Kafka.Storage;
using Record = (long Offset, long Timestamp, string Value);

namespace Streaming.Embedded.Kafka.Tests.Storage;

/// <summary>Any history of a log against a list in memory.</summary>
public class LogModelProperties
{
    public abstract record Step
    {
        public sealed record Appends(int Records, int Size, int Timestamp) : Step;

        public sealed record Deletes(int PerCent) : Step;

        public sealed record Retains(int Now) : Step;

        public sealed record Restarts(bool Cleanly) : Step;

        /// <summary>Kill, then cut the newest segment to a share of its length.</summary>
        public sealed record Tears(int PerMille) : Step;

        public sealed record Checkpoints : Step;
    }

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (20, from records in Gen.Choose(1, 4)
             from size in Gen.Choose(0, 120)
             from timestamp in Gen.Choose(0, 2_000)
             select (Step)new Step.Appends(records, size, timestamp)),
        (2, Gen.Choose(0, 100).Select(share => (Step)new Step.Deletes(share))),
        (2, Gen.Choose(0, 4_000).Select(now => (Step)new Step.Retains(now))),
        (1, Gen.Elements(true, false).Select(cleanly => (Step)new Step.Restarts(cleanly))),
        (1, Gen.Choose(0, 1_000).Select(share => (Step)new Step.Tears(share))),
        (1, Gen.Constant((Step)new Step.Checkpoints())));

    private static readonly Gen<Step[]> Histories =
        from length in Gen.Choose(1, 60)
        from steps in Gen.ArrayOf(Steps, length)
        select steps;

    [Fact]
    public void Any_history_of_appends_deletions_retention_restarts_and_torn_files_equals_the_model() =>
        Prop.ForAll(Arb.From(Histories, Shorter), history => RunAsync(history).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    private static IEnumerable<Step[]> Shorter(Step[] steps) =>
        Enumerable.Range(0, steps.Length).Select(left => steps.Where((_, i) => i != left).ToArray());

    private static async Task RunAsync(Step[] history)
    {
        await using var stage = await Stage.WithTopicAsync(("segment.bytes", "700"), ("retention.ms", "1500"), ("index.interval.bytes", "150"));
        var model = new Model(stage);
        foreach (var step in history)
        {
            await model.DoAsync(step);
            model.Verify();
        }
    }

    private sealed class Model(Stage stage)
    {
        private List<Record> _records = [];
        private long _start;
        private long _end;

        public async Task DoAsync(Step step)
        {
            switch (step)
            {
                case Step.Appends appends:
                    Append(appends);
                    break;
                case Step.Deletes deletes:
                    _start = Math.Max(_start, _end * deletes.PerCent / 100);
                    Assert.Equal(StorageError.None, stage.Partition.DeleteRecords(_start));
                    TakeStart();
                    break;
                case Step.Retains retains:
                    stage.Clock.Now = DateTimeOffset.FromUnixTimeMilliseconds(retains.Now);
                    stage.Store.ApplyRetention(stage.Clock.Now);
                    TakeStart();
                    break;
                case Step.Restarts restarts:
                    await stage.RestartAsync(restarts.Cleanly);
                    break;
                case Step.Checkpoints:
                    stage.Partition.Checkpoint(TimeSpan.FromDays(1));
                    break;
                case Step.Tears tears:
                    await TearAsync(tears.PerMille);
                    break;
            }
        }

        public void Verify()
        {
            var log = stage.Partition;
            var expected = _records.Where(record => record.Offset >= _start).ToList();
            Assert.Equal((_start, _end), (log.LogStartOffset, log.HighWatermark));
            Assert.Equal(expected, stage.ReadAll(maxBytes: 300));
            var middle = (_start + _end) / 2;
            Assert.Equal(expected.Where(record => record.Offset >= middle), stage.ReadFrom(middle, maxBytes: 1));
            foreach (var timestamp in new[] { 0L, 700, 1_500, 2_001 })
            {
                Assert.Equal(
                    expected.Where(record => record.Timestamp >= timestamp).Select(record => (record.Offset, record.Timestamp)).Take(1),
                    log.OffsetForTimestamp(timestamp) is { } found ? [found] : []);
            }
        }

        private void Append(Step.Appends appends)
        {
            var records = Enumerable.Range(0, appends.Records)
                .Select(i => (Timestamp: (long)appends.Timestamp + (i * 7 % 5), Key: (string?)"k", Value: new string('v', appends.Size) + (_end + i))).ToArray();
            Assert.Equal(_end, stage.Partition.Append(Batches.Make(records)).BaseOffset);
            _records.AddRange(records.Select((record, i) => (_end + i, record.Timestamp, record.Value)));
            _end += records.Length;
        }

        // Whole segments only may go, and with retention only ones that are too old throughout; a deletion may also apply retention.
        private void TakeStart()
        {
            var start = stage.Partition.LogStartOffset;
            var now = stage.Clock.Now.ToUnixTimeMilliseconds();
            Assert.All(_records.Where(record => record.Offset >= _start && record.Offset < start), record => Assert.True(now - record.Timestamp > 1_500));
            Assert.True(start >= _start);
            _start = start;
        }

        private async Task TearAsync(int perMille)
        {
            // A cut below what was flushed at a recovery point is a power cut that lies; it has an example of its own.
            stage.Partition.Checkpoint(TimeSpan.FromDays(1));
            var (flushedName, safe) = (Path.GetFileName(Newest()), new FileInfo(Newest()).Length);
            for (var i = 0; i < 3; i++)
            {
                Append(new Step.Appends(2, 30, 1_900));
            }
            await stage.KillAsync();
            var path = Newest();
            var length = new FileInfo(path).Length;
            var from = Path.GetFileName(path) == flushedName ? safe : 0;
            using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite))
            {
                RandomAccess.SetLength(file, from + ((length - from) * perMille / 1_000));
            }
            var whole = WholeBatchesEnd(path);
            await stage.OpenAsync();
            _end = whole;
            _records = [.. _records.Where(record => record.Offset < _end)];
            _start = Math.Min(_start, _end);
        }

        private string Newest() => Directory.GetFiles(stage.PartitionFolder, "*.log").Order().Last();

        // Found independently of the store: by the lengths in the file.
        private static long WholeBatchesEnd(string path)
        {
            var bytes = File.ReadAllBytes(path);
            var end = long.Parse(Path.GetFileNameWithoutExtension(path));
            for (var at = 0; at + 61 <= bytes.Length;)
            {
                var header = RecordBatchHeader.Read(bytes.AsSpan(at));
                if (at + header.TotalSize > bytes.Length)
                {
                    break;
                }
                end = header.LastOffset + 1;
                at += (int)header.TotalSize;
            }
            return end;
        }
    }
}
