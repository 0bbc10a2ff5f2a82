using Microsoft.Extensions.Logging;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Tests.Storage;

/// <summary>A partition's log alone, so that it can be opened thousands of times.</summary>
public sealed class TransactionRecoveryTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("kafka-txn-").FullName;
    private readonly ListLogger _logger = new();

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    // Recovery point after the first line; the second is cut at every byte.
    [Theory]
    [InlineData(1_000_000)]
    [InlineData(400)]
    public void At_every_byte_that_a_kill_may_leave_the_transactions_are_those_of_the_whole_batches(int segmentBytes)
    {
        var log = Open("whole", segmentBytes);
        var driver = new TransactionDriver(() => log);
        driver.Send(0, 2); driver.Send(1, 1); driver.SendPlain(1); driver.End(0, commit: false, bump: false); driver.Send(2, 1);
        log.Checkpoint(TimeSpan.FromDays(1));
        var flushed = Snapshot("whole");
        driver.Send(0, 1); driver.End(1, commit: false, bump: true); driver.SendPlain(2); driver.End(2, commit: true, bump: false); driver.Send(1, 1);
        driver.End(0, commit: true, bump: false); driver.Send(3, 1); driver.End(1, commit: false, bump: false); driver.Send(1, 1);

        var (files, whole) = (Snapshot("whole"), driver.Model);
        var newest = files.Keys.Where(name => name.EndsWith(".log", StringComparison.Ordinal)).Order().Last();
        var safe = flushed.GetValueOrDefault(newest)?.Length ?? 0;
        for (var length = safe; length <= files[newest].Length; length++)
        {
            var folder = $"cut-{length}";
            Restore(folder, files, newest, length);
            driver.CutTo(WholeBatches.EndOf(Path.Combine(_parent, folder, newest)));
            log = Open(folder, segmentBytes);
            driver.Verify(300);
            driver.Send(1, 1);
            driver.End(1, commit: false, bump: false);
            driver.Verify(300);
            log.Close();
            driver.Model = whole;
        }
        Assert.Equal(whole.End, driver.Model.End);
    }

    [Theory]
    [InlineData(".index")]
    [InlineData("checkpoint")]
    public void Without_its_index_files_or_its_recovery_point_the_transactions_are_found_by_a_scan(string lost)
    {
        var (log, driver) = History();
        foreach (var path in Directory.GetFiles(Path.Combine(_parent, "log")).Where(path => path.EndsWith(lost, StringComparison.Ordinal)))
        {
            File.WriteAllText(path, "not what it was");
        }
        log.Close();

        log = Open("log", 400);
        new TransactionDriver(() => log) { Model = driver.Model }.Verify(1, 300);
        log.Close();
    }

    [Fact]
    public void One_lost_index_file_is_enough_for_a_scan()
    {
        var (log, driver) = History();
        log.Close();
        File.Delete(Directory.GetFiles(Path.Combine(_parent, "log"), "*.index").Order().ElementAt(1));

        log = Open("log", 400);

        new TransactionDriver(() => log) { Model = driver.Model }.Verify(1, 300);
        Assert.Contains(_logger.Lines, line => line.Text.Contains("without a good index file", StringComparison.Ordinal));
        log.Close();
    }

    [Fact]
    public void After_a_clean_stop_no_batch_is_looked_at()
    {
        var (log, driver) = History();
        log.Close();
        var files = Snapshot("log");
        // A scan would notice this and cut the log.
        foreach (var (name, bytes) in files.Where(file => file.Key.EndsWith(".log", StringComparison.Ordinal) && file.Value.Length > 0))
        {
            bytes[^1] ^= 1;
            File.WriteAllBytes(Path.Combine(_parent, "log", name), bytes);
        }

        log = Open("log", 400);

        Assert.Equal((driver.Model.End, driver.Model.StableFrom(0)), (log.HighWatermark, log.LastStableOffset));
        Assert.DoesNotContain(_logger.Lines, line => line.Level >= LogLevel.Information);
        log.Close();
    }

    [Fact]
    public void A_recovery_point_of_before_there_were_transactions_still_tells_the_logs_start()
    {
        var log = Open("log", 1_000_000);
        log.Append(Batches.Idempotent(1, 0, 0, "a", "b", "c"));
        log.Checkpoint(TimeSpan.FromDays(1));
        log.Close();
        const int FormerMagic = 0x53435031;
        CheckedFile.Write(Path.Combine(_parent, "log", "checkpoint"), FormerMagic, new TestFileAccess(), writer =>
        {
            writer.Write(2L); // log start
            writer.Write(3L); // recovery point
            writer.Write(1); // producers: id, epoch, last seen, number of batches, one batch
            writer.Write(1L);
            writer.Write((short)0);
            writer.Write(1_000_000L);
            writer.Write((byte)1);
            writer.Write(0);
            writer.Write(2);
            writer.Write(0L);
            writer.Write(-1L);
        });

        log = Open("log", 1_000_000);

        Assert.Equal(new LogBounds(3, 3, 2), log.Bounds);
        Assert.True(log.Append(Batches.Idempotent(1, 0, 0, "a", "b", "c")).IsDuplicate);
        log.Close();
    }

    private (PartitionLog Log, TransactionDriver Driver) History()
    {
        var log = Open("log", 400);
        var driver = new TransactionDriver(() => log);
        for (var i = 0; i < 20; i++)
        {
            driver.Send(i % 3, 1);
            driver.Send(3, 1);
            driver.End(i % 3, commit: i % 2 == 0, bump: i % 5 == 0);
            driver.SendPlain(1);
        }
        driver.End(3, commit: false, bump: false);
        driver.Send(2, 1);
        log.Checkpoint(TimeSpan.FromDays(1));
        driver.Verify(1, 300);
        return (log, driver);
    }

    private PartitionLog Open(string folder, int segmentBytes) => new(
        Path.Combine(_parent, folder), "t", 0,
        TopicConfig.Parse(new Dictionary<string, string> { ["segment.bytes"] = $"{segmentBytes}", ["index.interval.bytes"] = "150" }),
        new LogContext(Fsync: false, new TestFileAccess(), new ManualClock(), _logger));

    private Dictionary<string, byte[]> Snapshot(string folder) =>
        Directory.GetFiles(Path.Combine(_parent, folder)).ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);

    private void Restore(string folder, Dictionary<string, byte[]> files, string cut, int length)
    {
        var path = Directory.CreateDirectory(Path.Combine(_parent, folder)).FullName;
        foreach (var (name, bytes) in files)
        {
            File.WriteAllBytes(Path.Combine(path, name), name == cut ? bytes[..length] : bytes);
        }
    }
}
