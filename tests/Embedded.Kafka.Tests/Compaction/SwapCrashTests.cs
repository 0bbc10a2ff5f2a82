using Streaming.Embedded.Kafka.Records;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Tests.Compaction;

/// <summary>A broker that dies while it cleans.</summary>
public class SwapCrashTests
{
    private const int Batches = 8;

    /// <summary>Every operation on a file that a cleaning does (opening, writing, renaming, deleting), one after the other, is the last one.</summary>
    [Fact]
    public async Task A_death_before_any_step_of_a_cleaning_loses_nothing_and_the_next_start_goes_on()
    {
        var steps = 0;
        for (var died = true; died; steps++)
        {
            await using var stage = await FilledAsync();
            var latest = Latest(stage);
            stage.Stage.Disk.OperationsLeft = steps + 1;
            stage.Clean();
            died = stage.Stage.Disk.OperationsLeft == 0;
            Assert.Equal(latest, Latest(stage)); // who still lives reads on

            await stage.Stage.KillAsync();
            stage.Stage.Disk.OperationsLeft = long.MaxValue;
            await stage.Stage.OpenAsync();

            Assert.Equal(latest, Latest(stage));
            Assert.Equal((0, Batches * 3), (stage.Log.LogStartOffset, stage.Log.HighWatermark));
            Assert.Empty(stage.Files("*.cleaned").Concat(stage.Files("*.swap*")).Concat(stage.Files("*.log.index")));
            Assert.DoesNotContain(stage.Stage.Log.Lines, line => line.Text.Contains("the whole log is scanned", StringComparison.Ordinal));
            stage.Clean();
            Assert.Equal("a=7@21 b=7@22 c=7@23", stage.Content);
            Assert.Equal((StorageError.None, Batches * 3L), Send(stage, sequence: Batches));
        }
        Assert.True(steps > 20, $"only {steps} steps");
    }



    // As many segments, which a cleaning makes into several.
    private static async Task<CompactedStage> FilledAsync()
    {
        var stage = await CompactedStage.OpenAsync(("segment.bytes", "600"));
        for (var i = 0; i < Batches; i++)
        {
            Assert.Equal(i * 3L, Send(stage, i).Offset);
            stage.Wait(TimeSpan.FromMilliseconds(10));
        }
        return stage;
    }

    private static (StorageError Error, long Offset) Send(CompactedStage stage, int sequence)
    {
        var now = stage.Stage.Clock.Now.ToUnixTimeMilliseconds();
        var result = stage.Log.Append(KeyedRecords.Batch(
            CompressionCodec.None, now, [("a", $"{sequence}"), ("b", $"{sequence}"), ("c", $"{sequence}")], producerId: 5, sequence: sequence * 3));
        return (result.Error, result.BaseOffset);
    }

    private static List<KeyedRecord> Latest(CompactedStage stage) =>
        [.. stage.Records.GroupBy(record => record.Key).Select(records => records.Last()).OrderBy(record => record.Key, StringComparer.Ordinal)];
}
