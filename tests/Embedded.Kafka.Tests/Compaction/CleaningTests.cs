using Streaming.Embedded.Kafka.Records;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Tests.Compaction;

/// <summary>What a compacted log holds after a cleaning.</summary>
public class CleaningTests
{
    [Fact]
    public async Task The_latest_record_of_each_key_stays_with_its_offset_timestamp_and_headers()
    {
        await using var stage = await CompactedStage.OpenAsync();
        stage.Append("a=1", "b=1", "a=2");
        stage.Append("b=2", "c=1");
        var before = stage.Records;

        stage.Clean();

        Assert.Equal("a=2@2 b=2@3 c=1@4", stage.Content);
        Assert.Equal(before.Where(record => record.Offset >= 2), stage.Records);
        Assert.Equal((0, 5), (stage.Log.LogStartOffset, stage.Log.HighWatermark));
    }

    [Fact]
    public async Task The_active_segment_is_not_cleaned()
    {
        await using var stage = await CompactedStage.OpenAsync(("segment.ms", "100000"));
        stage.Append("a=1", "a=2");

        stage.Clean();

        Assert.Equal("a=1@0 a=2@1", stage.Content);
    }

    [Fact]
    public async Task A_topic_without_appends_is_cleaned_once_its_active_segment_is_as_old_as_segment_ms()
    {
        await using var stage = await CompactedStage.OpenAsync(("segment.ms", "100000"));
        stage.Append("a=1", "a=2");
        stage.Wait(TimeSpan.FromSeconds(101));

        stage.Clean();

        Assert.Equal("a=2@1", stage.Content);
    }

    [Theory]
    [InlineData(CompressionCodec.None)]
    [InlineData(CompressionCodec.Gzip)]
    [InlineData(CompressionCodec.Snappy)]
    [InlineData(CompressionCodec.Lz4)]
    public async Task A_batch_keeps_its_compression_and_its_span_of_offsets(CompressionCodec codec)
    {
        await using var stage = await CompactedStage.OpenAsync();
        stage.Append(codec, "a=1", "b=the same words over and over and over and over", "a=2", "a=3");
        stage.Append("a=4", "z=1");

        stage.Clean();

        Assert.Equal("b=the same words over and over and over and over@1 a=4@4 z=1@5", stage.Content);
        var rebuilt = KeyedRecords.ReadBatches(stage.Log)[0].Header;
        Assert.Equal((codec, 0, 3, 1), (rebuilt.Compression, rebuilt.BaseOffset, rebuilt.LastOffset, rebuilt.RecordCount));
    }

    [Fact]
    public async Task A_deletion_stays_for_its_retention_after_its_first_cleaning_and_then_goes_by_itself()
    {
        await using var stage = await CompactedStage.OpenAsync(("delete.retention.ms", "60000"));
        stage.Append("a=1", "b=1");
        stage.Append("a=-");
        stage.Append("z=1");
        stage.Wait(TimeSpan.FromHours(1)); // counts from the first cleaning on, not from the append

        stage.Clean();
        Assert.Equal("b=1@1 a=-@2 z=1@3", stage.Content);

        stage.Wait(TimeSpan.FromSeconds(59));
        stage.Clean();
        Assert.Equal("b=1@1 a=-@2 z=1@3", stage.Content);

        stage.Wait(TimeSpan.FromSeconds(2));
        stage.Clean();
        Assert.Equal("b=1@1 z=1@3", stage.Content);
    }

    [Fact]
    public async Task A_deletions_horizon_survives_a_restart_and_leaves_its_timestamp()
    {
        await using var stage = await CompactedStage.OpenAsync(("delete.retention.ms", "60000"));
        stage.Append("b=1", "a=-");
        stage.Append("z=1");
        var before = stage.Records;
        stage.Clean();
        stage.Wait(TimeSpan.FromSeconds(59));

        await stage.Stage.RestartAsync(cleanly: false);
        stage.Clean();
        Assert.Equal(before, stage.Records);

        stage.Wait(TimeSpan.FromSeconds(2));
        stage.Clean();
        Assert.Equal("b=1@0 z=1@2", stage.Content);
    }

    [Fact]
    public async Task A_key_that_comes_back_after_its_deletion_stays()
    {
        await using var stage = await CompactedStage.OpenAsync(("delete.retention.ms", "0"));
        stage.Append("a=1");
        stage.Append("a=-");
        stage.Clean();
        stage.Append("a=2");
        stage.Clean();
        stage.Clean();

        Assert.Equal("a=2@2", stage.Content);
    }

    [Fact]
    public async Task With_both_policies_old_segments_are_deleted_too()
    {
        await using var stage = await CompactedStage.OpenAsync(("cleanup.policy", "compact,delete"), ("retention.ms", "60000"));
        stage.Append("a=1", "b=1");
        stage.Clean();
        stage.Wait(TimeSpan.FromSeconds(61));
        stage.Append("b=2");

        stage.Stage.Store.ApplyRetention(stage.Stage.Clock.Now);

        Assert.Equal("b=2@2", stage.Content);
        Assert.Equal(2, stage.Log.LogStartOffset);
    }

    [Fact]
    public async Task Small_cleaned_segments_are_merged_up_to_segment_bytes()
    {
        await using var stage = await CompactedStage.OpenAsync(("segment.bytes", "3000"));
        for (var i = 0; i < 40; i++)
        {
            stage.Append($"k{i % 5}={new string('x', 200)}", $"unique{i}=1");
            stage.Wait(TimeSpan.FromMilliseconds(2));
        }
        var before = stage.Files("*.log").Length;

        stage.Clean();

        Assert.Equal(45, stage.Records.Count);
        Assert.True(before == 40 && stage.Files("*.log").Length < 10, $"{before} segments became {stage.Files("*.log").Length}");
        Assert.All(Directory.GetFiles(stage.Stage.PartitionFolder, "*.log"), path => Assert.True(new FileInfo(path).Length <= 3_000));
        Assert.Equal(stage.Records, KeyedRecords.ReadAll(stage.Log, maxBytes: 100));
    }

    [Fact]
    public async Task More_keys_than_the_memory_holds_take_several_passes()
    {
        await using var stage = await CompactedStage.OpenAsync();
        stage.Stage.Options = stage.Stage.Options with { CleanerMapBytes = 1 };
        await stage.Stage.RestartAsync(cleanly: true);
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 3_000; i += 100)
            {
                stage.Append([.. Enumerable.Range(i, 100).Select(key => $"k{key}={round}")]);
            }
        }

        stage.Clean();
        Assert.Equal(6_000, stage.Records.Count); // the first keys of the log only, which have nothing before them
        for (var pass = 0; pass < 10; pass++)
        {
            stage.Clean();
        }

        Assert.Equal(3_000, stage.Records.Count);
        Assert.All(stage.Records, record => Assert.Equal("1", record.Value));
    }

    [Fact]
    public async Task Records_of_before_the_topic_was_compacted_go_if_they_have_no_key()
    {
        await using var stage = await CompactedStage.OpenAsync(("cleanup.policy", "delete"));
        stage.Append(KeyedRecords.Batch((null, "1"), ("a", "2")));
        stage.Stage.Store.TryGet("t", out var topic);
        await stage.Stage.Store.AlterConfigsAsync(topic!, new Dictionary<string, string>(topic!.Config.Raw) { ["cleanup.policy"] = "compact" }, default);

        stage.Clean();

        Assert.Equal("a=2@1", stage.Content);
    }

    [Theory]
    [InlineData(CompressionCodec.None)]
    [InlineData(CompressionCodec.Gzip)]
    [InlineData(CompressionCodec.Snappy)]
    [InlineData(CompressionCodec.Lz4)]
    public async Task A_record_without_a_key_is_refused_and_named_also_inside_a_compressed_batch(CompressionCodec codec)
    {
        await using var stage = await CompactedStage.OpenAsync();

        var result = stage.Log.Append(KeyedRecords.Batch(codec, 1, [("a", "1"), (null, "1"), ("b", "1"), (null, "2")]));

        Assert.Equal((StorageError.InvalidRecord, 0L), (result.Error, stage.Log.HighWatermark));
        Assert.Equal([1, 3], result.BadRecords);
    }

    [Fact]
    public async Task A_client_may_not_say_when_its_deletions_go()
    {
        await using var stage = await CompactedStage.OpenAsync();

        Assert.Equal(StorageError.InvalidRecord, stage.Log.Append(KeyedRecords.Batch(CompressionCodec.None, 1, [("a", null)], attributes: BatchAttributes.DeleteHorizon)).Error);
    }

    [Fact]
    public async Task A_batch_that_cannot_be_looked_into_stays_whole_and_so_do_deletions_behind_it()
    {
        await using var stage = await CompactedStage.OpenAsync(("delete.retention.ms", "0"));
        stage.Append(KeyedRecords.Batch(CompressionCodec.Zstd, stage.Stage.Clock.Now.ToUnixTimeMilliseconds(), [("a", "1")]));
        stage.Append("a=-", "b=1");
        stage.Append("b=2");

        stage.Clean();
        stage.Clean();

        var batches = KeyedRecords.ReadBatches(stage.Log);
        Assert.Equal([CompressionCodec.Zstd, CompressionCodec.None, CompressionCodec.None], batches.Select(batch => batch.Header.Compression));
        Assert.Equal("a=-@1", string.Join(' ', KeyedRecords.Decode(batches[1].Header, batches[1].Bytes).Select(record => $"{record.Key}={record.Value ?? "-"}@{record.Offset}")));
        Assert.Contains(stage.Stage.Log.Lines, line => line.Text.Contains("1 batches cannot be looked into", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_damaged_batch_stops_the_cleaning_of_its_log_and_says_so_once_a_minute()
    {
        await using var stage = await CompactedStage.OpenAsync();
        stage.Append("a=1", "a=2");
        using (var file = File.Open(Path.Combine(stage.Stage.PartitionFolder, stage.Files("*.log")[0]), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Seek(-1, SeekOrigin.End);
            file.WriteByte(99);
        }

        stage.Clean();
        stage.Clean();

        Assert.Single(stage.Stage.Log.Lines, line => line.Text.Contains("cleaning failed", StringComparison.Ordinal));
        Assert.Empty(stage.Files("*.cleaned"));
    }
}
