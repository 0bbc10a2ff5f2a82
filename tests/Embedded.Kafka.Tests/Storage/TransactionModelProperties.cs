using FsCheck;
using FsCheck.Fluent;
using Streaming.Embedded.Kafka.Records;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Tests.Storage;

/// <summary>Any history of transactions against a naive model.</summary>
public class TransactionModelProperties
{
    public abstract record Step
    {
        public sealed record Sends(int Producer, int Records) : Step;

        public sealed record SendsPlain(int Records) : Step;

        public sealed record Ends(int Producer, bool Commit, bool Bump) : Step;

        public sealed record Deletes(int PerCent) : Step;

        public sealed record Retains : Step;

        public sealed record Restarts(bool Cleanly) : Step;

        public sealed record Checkpoints : Step;

        /// <summary>The checkpoint of a moment ago comes back, as if the broker had died after the index files and before it.</summary>
        public sealed record DiesInCheckpoint : Step;

        /// <summary>Kill, then cut what came since the recovery point to a share of its length.</summary>
        public sealed record Tears(int PerMille) : Step;
    }

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (12, from producer in Gen.Choose(0, 3) from records in Gen.Choose(1, 3) select (Step)new Step.Sends(producer, records)),
        (4, Gen.Choose(1, 3).Select(records => (Step)new Step.SendsPlain(records))),
        (8, from producer in Gen.Choose(0, 3)
            from commit in Gen.Elements(true, false)
            from bump in Gen.Elements(true, false, false)
            select (Step)new Step.Ends(producer, commit, bump)),
        (1, Gen.Choose(0, 100).Select(share => (Step)new Step.Deletes(share))),
        (1, Gen.Constant((Step)new Step.Retains())),
        (1, Gen.Elements(true, false).Select(cleanly => (Step)new Step.Restarts(cleanly))),
        (1, Gen.Constant((Step)new Step.Checkpoints())),
        (1, Gen.Constant((Step)new Step.DiesInCheckpoint())),
        (1, Gen.Choose(0, 1_000).Select(share => (Step)new Step.Tears(share))));

    private static readonly Gen<Step[]> Histories =
        from length in Gen.Choose(1, 60)
        from steps in Gen.ArrayOf(Steps, length)
        select steps;

    [Fact]
    public void Any_history_of_transactions_deletions_restarts_and_torn_files_reads_like_the_model() =>
        Prop.ForAll(Arb.From(Histories, Shorter), history => RunAsync(history).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    private static IEnumerable<Step[]> Shorter(Step[] steps) =>
        Enumerable.Range(0, steps.Length).Select(left => steps.Where((_, i) => i != left).ToArray());

    private static async Task RunAsync(Step[] history)
    {
        await using var stage = await Stage.WithTopicAsync(("segment.bytes", "700"), ("retention.bytes", "1500"), ("index.interval.bytes", "150"));
        var driver = new TransactionDriver(() => stage.Partition);
        foreach (var step in history)
        {
            await DoAsync(step, stage, driver);
            driver.Verify(1, 300);
        }
    }

    private static async Task DoAsync(Step step, Stage stage, TransactionDriver driver)
    {
        switch (step)
        {
            case Step.Sends sends:
                driver.Send(sends.Producer, sends.Records);
                break;
            case Step.SendsPlain sends:
                driver.SendPlain(sends.Records);
                break;
            case Step.Ends ends:
                driver.End(ends.Producer, ends.Commit, ends.Bump);
                break;
            case Step.Deletes deletes:
                Assert.Equal(StorageError.None, stage.Partition.DeleteRecords(stage.Partition.HighWatermark * deletes.PerCent / 100));
                break;
            case Step.Retains:
                stage.Store.ApplyRetention(stage.Clock.Now);
                break;
            case Step.Restarts restarts:
                await stage.RestartAsync(restarts.Cleanly);
                break;
            case Step.Checkpoints:
                stage.Partition.Checkpoint(TimeSpan.FromDays(1));
                break;
            case Step.DiesInCheckpoint:
                await DieInCheckpointAsync(stage);
                break;
            case Step.Tears tears:
                await TearAsync(tears.PerMille, stage, driver);
                break;
        }
    }

    private static async Task DieInCheckpointAsync(Stage stage)
    {
        var path = Path.Combine(stage.PartitionFolder, "checkpoint");
        var former = File.Exists(path) ? await File.ReadAllBytesAsync(path) : null;
        stage.Partition.Checkpoint(TimeSpan.FromDays(1));
        await stage.KillAsync();
        path = Path.Combine(stage.PartitionFolder, "checkpoint");
        if (former is null)
        {
            File.Delete(path);
        }
        else
        {
            await File.WriteAllBytesAsync(path, former);
        }
        await stage.OpenAsync();
    }

    private static async Task TearAsync(int perMille, Stage stage, TransactionDriver driver)
    {
        // A cut below what was flushed at a recovery point is a power cut that lies.
        stage.Partition.Checkpoint(TimeSpan.FromDays(1));
        var (flushedName, safe) = (Path.GetFileName(Newest(stage)), new FileInfo(Newest(stage)).Length);
        driver.Send(0, 2);
        driver.Send(1, 1);
        driver.End(0, commit: false, bump: false);
        driver.Send(0, 1);
        driver.End(1, commit: true, bump: true);
        await stage.KillAsync();
        var path = Newest(stage);
        var length = new FileInfo(path).Length;
        var from = Path.GetFileName(path) == flushedName ? safe : 0;
        using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite))
        {
            RandomAccess.SetLength(file, from + ((length - from) * perMille / 1_000));
        }
        driver.CutTo(WholeBatches.EndOf(path));
        await stage.OpenAsync();
    }

    private static string Newest(Stage stage) => Directory.GetFiles(stage.PartitionFolder, "*.log").Order().Last();
}

/// <summary>Finds where a segment's whole batches end, independently of the store: by the lengths in the file.</summary>
internal static class WholeBatches
{
    public static long EndOf(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var end = long.Parse(Path.GetFileNameWithoutExtension(path));
        for (var at = 0; at + RecordBatchHeader.Size <= bytes.Length;)
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
