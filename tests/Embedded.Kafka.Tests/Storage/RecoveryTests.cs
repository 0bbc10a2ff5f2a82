using Microsoft.Extensions.Logging;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Tests.Storage;

public class RecoveryTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Everything_acknowledged_is_there_after_a_stop_and_after_a_kill(bool cleanly)
    {
        await using var stage = await Stage.WithTopicAsync(("segment.bytes", "300"));
        Fill(stage, 20);
        var before = stage.ReadAll();

        await stage.RestartAsync(cleanly);

        Assert.Equal(before, stage.ReadAll());
        Assert.Equal(20, stage.Partition.Append(Batches.Of("next")).BaseOffset);
        Assert.DoesNotContain(stage.Log.Lines, line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task A_torn_tail_is_cut_to_the_last_whole_batch_with_one_line()
    {
        await using var stage = await Stage.WithTopicAsync();
        Fill(stage, 3);
        await stage.KillAsync();
        var path = Path.Combine(stage.PartitionFolder, "00000000000000000000.log");
        var whole = new FileInfo(path).Length;
        await File.AppendAllBytesAsync(path, Batches.Of("torn")[..^1]);

        await stage.OpenAsync();

        Assert.Equal(3, stage.Partition.HighWatermark);
        Assert.Equal(whole, new FileInfo(path).Length);
        Assert.Single(stage.Log.Lines, line => line.Level == LogLevel.Warning && line.Text.StartsWith("t-0: cut", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_a_clean_stop_no_batch_is_looked_at()
    {
        await using var stage = await Stage.WithTopicAsync(("segment.bytes", "300"));
        Fill(stage, 20);
        await stage.StopAsync();
        // A scan would notice this and cut the log.
        var newest = Directory.GetFiles(stage.PartitionFolder, "*.log").Order().Last();
        var bytes = await File.ReadAllBytesAsync(newest);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(newest, bytes);

        await stage.OpenAsync();

        Assert.Equal(20, stage.Partition.HighWatermark);
    }

    [Fact]
    public async Task Damage_in_an_old_segment_cuts_there_and_sets_the_later_ones_aside()
    {
        await using var stage = await Stage.WithTopicAsync(("segment.bytes", "200"));
        Fill(stage, 10);
        await stage.KillAsync();
        var second = Directory.GetFiles(stage.PartitionFolder, "*.log").Order().ElementAt(1);
        var bytes = await File.ReadAllBytesAsync(second);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(second, bytes);

        await stage.OpenAsync();

        Assert.InRange(stage.Partition.HighWatermark, 2, 3);
        Assert.Contains(stage.Log.Lines, line => line.Level == LogLevel.Error);
        Assert.NotEmpty(Directory.GetFiles(stage.PartitionFolder, "*.aside"));
        Assert.Equal(stage.Partition.HighWatermark, stage.Partition.Append(Batches.Of("next")).BaseOffset);
    }

    [Fact]
    public async Task Without_its_index_files_and_recovery_point_the_log_is_rebuilt_from_the_records()
    {
        await using var stage = await Stage.WithTopicAsync(("segment.bytes", "300"), ("index.interval.bytes", "0"));
        Fill(stage, 20);
        var before = stage.ReadAll();
        await stage.StopAsync();
        foreach (var path in Directory.GetFiles(stage.PartitionFolder).Where(path => Path.GetExtension(path) != ".log"))
        {
            await File.WriteAllTextAsync(path, "not what it was");
        }

        await stage.OpenAsync();

        Assert.Equal(before, stage.ReadAll());
    }

    [Fact]
    public async Task A_log_that_lost_its_end_to_a_power_cut_goes_on_where_it_ends_and_says_so()
    {
        await using var stage = await Stage.WithTopicAsync();
        Fill(stage, 10);
        await stage.StopAsync();
        var path = Path.Combine(stage.PartitionFolder, "00000000000000000000.log");
        await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path))[..(Batches.Of("0").Length * 4)]);

        await stage.OpenAsync();

        Assert.Equal(4, stage.Partition.HighWatermark);
        Assert.Equal(4, stage.ReadAll().Count);
        Assert.Contains(stage.Log.Lines, line => line.Level == LogLevel.Error && line.Text.Contains("records are lost", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deleted_records_do_not_come_back_and_offsets_do_not_go_back(bool cleanly)
    {
        await using var stage = await Stage.WithTopicAsync();
        Fill(stage, 5);
        Assert.Equal(StorageError.None, stage.Partition.DeleteRecords(-1));

        await stage.RestartAsync(cleanly);

        Assert.Equal((5, 5), (stage.Partition.LogStartOffset, stage.Partition.HighWatermark));
        Assert.Equal(5, stage.Partition.Append(Batches.Of("next")).BaseOffset);
    }

    private static void Fill(Stage stage, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(StorageError.None, stage.Partition.Append(Batches.Of($"{i}")).Error);
        }
    }
}
