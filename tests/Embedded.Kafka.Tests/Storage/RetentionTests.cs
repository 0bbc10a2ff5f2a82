using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Tests.Storage;

public class RetentionTests
{
    [Fact]
    public async Task What_is_older_than_retention_ms_goes_segment_by_segment()
    {
        await using var stage = await Stage.WithTopicAsync(("segment.bytes", "100"), ("retention.ms", "1000"));
        AppendAt(stage, 1_000, 2_000, 3_000);

        stage.Store.ApplyRetention(DateTimeOffset.FromUnixTimeMilliseconds(3_000));

        Assert.Equal([2_000L, 3_000L], stage.ReadAll().Select(record => record.Timestamp));
        Assert.Equal(1, stage.Partition.LogStartOffset);
    }

    [Fact]
    public async Task A_segment_stays_while_its_newest_record_is_young_enough()
    {
        await using var stage = await Stage.WithTopicAsync(("retention.ms", "1000"));
        AppendAt(stage, 1_000, 2_000, 3_000);

        stage.Store.ApplyRetention(DateTimeOffset.FromUnixTimeMilliseconds(4_000));

        Assert.Equal(3, stage.ReadAll().Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_all_is_too_old_the_log_is_empty_and_its_offsets_go_on_after_a_restart_too(bool cleanly)
    {
        await using var stage = await Stage.WithTopicAsync(("retention.ms", "1000"));
        AppendAt(stage, 1_000, 2_000);

        stage.Store.ApplyRetention(DateTimeOffset.FromUnixTimeMilliseconds(9_000));
        await stage.RestartAsync(cleanly);

        Assert.Empty(stage.ReadAll());
        Assert.Equal((2, 2, 0), (stage.Partition.LogStartOffset, stage.Partition.HighWatermark, stage.Partition.SizeBytes));
        Assert.Equal(2, stage.Partition.Append(Batches.Of("next")).BaseOffset);
    }

    [Fact]
    public async Task The_oldest_segments_go_while_the_rest_still_holds_retention_bytes()
    {
        await using var stage = await Stage.WithTopicAsync(("segment.bytes", "100"), ("retention.bytes", "200"));
        AppendAt(stage, 1, 2, 3, 4, 5, 6);
        var each = stage.Partition.SizeBytes / 6;

        stage.Store.ApplyRetention(DateTimeOffset.FromUnixTimeMilliseconds(10));

        Assert.InRange(stage.Partition.SizeBytes, 200, 200 + each);
        Assert.Equal(6, stage.Partition.HighWatermark);
    }

    [Fact]
    public async Task A_compacted_topic_loses_nothing_to_age_or_size()
    {
        await using var stage = await Stage.WithTopicAsync(
            ("segment.bytes", "100"), ("retention.ms", "1"), ("retention.bytes", "1"), ("cleanup.policy", "compact"));
        AppendAt(stage, 1, 2, 3);

        stage.Store.ApplyRetention(DateTimeOffset.FromUnixTimeMilliseconds(1_000_000));

        Assert.Equal(3, stage.ReadAll().Count);
    }

    [Fact]
    public async Task Records_without_a_timestamp_are_as_old_as_their_file()
    {
        await using var stage = await Stage.WithTopicAsync(("retention.ms", "1000"));
        AppendAt(stage, -1);

        stage.Store.ApplyRetention(DateTimeOffset.UtcNow);
        Assert.Single(stage.ReadAll());

        stage.Store.ApplyRetention(DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Empty(stage.ReadAll());
    }

    [Fact]
    public async Task A_segment_spans_at_most_segment_ms_of_record_time()
    {
        await using var stage = await Stage.WithTopicAsync(("segment.ms", "1000"));

        AppendAt(stage, 0, 1_000, 1_001, 1_500, 2_002);

        Assert.Equal(["0", "2", "4"], Directory.GetFiles(stage.PartitionFolder, "*.log").Order().Select(path => $"{long.Parse(Path.GetFileNameWithoutExtension(path))}"));
    }

    [Fact]
    public async Task Deleting_records_removes_the_segments_before_and_hides_the_rest()
    {
        await using var stage = await Stage.WithTopicAsync(("segment.bytes", "200"));
        AppendAt(stage, 1, 2, 3, 4, 5, 6, 7);
        var files = Directory.GetFiles(stage.PartitionFolder, "*.log").Length;

        Assert.Equal(StorageError.None, stage.Partition.DeleteRecords(5));

        Assert.Equal([6L, 7L], stage.ReadAll().Select(record => record.Timestamp));
        Assert.True(Directory.GetFiles(stage.PartitionFolder, "*.log").Length < files);
        Assert.Equal(StorageError.OffsetOutOfRange, stage.Partition.DeleteRecords(8));
        Assert.Equal(StorageError.OffsetOutOfRange, stage.Partition.DeleteRecords(-2));
        Assert.Equal(StorageError.None, stage.Partition.DeleteRecords(2));
        Assert.Equal(5, stage.Partition.LogStartOffset);
    }

    [Fact]
    public async Task The_stores_own_timer_applies_retention()
    {
        await using var stage = new Stage();
        stage.Options = stage.Options with { RetentionInterval = TimeSpan.FromMilliseconds(20) };
        await stage.OpenAsync();
        await stage.Store.CreateAsync("t", 1, new Dictionary<string, string> { ["retention.ms"] = "1000" }, default);
        AppendAt(stage, 1_000);

        Assert.True(SpinWait.SpinUntil(() => stage.Partition.LogStartOffset == 1, TimeSpan.FromSeconds(20)));
    }

    private static void AppendAt(Stage stage, params long[] timestamps) =>
        Assert.All(timestamps, timestamp => Assert.Equal(StorageError.None, stage.Partition.Append(Batches.At(timestamp)).Error));
}
