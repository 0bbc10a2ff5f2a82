using Microsoft.Extensions.Logging;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Tests.Storage;

public class DiskTroubleTests
{
    [Fact]
    public async Task On_a_full_disk_the_append_fails_and_the_log_is_what_it_was()
    {
        await using var stage = await Stage.WithTopicAsync();
        stage.Partition.Append(Batches.Of("a"));
        stage.Disk.Room = 30;

        var results = Enumerable.Range(0, 3).Select(_ => stage.Partition.Append(Batches.Of("b"))).ToList();

        Assert.All(results, result => Assert.Equal((StorageError.KafkaStorageError, -1L), (result.Error, result.BaseOffset)));
        Assert.Equal(1, stage.Partition.HighWatermark);
        Assert.Equal("a", Assert.Single(stage.ReadAll()).Value);
        Assert.Single(stage.Log.Lines, line => line.Level == LogLevel.Error);
    }

    [Fact]
    public async Task Once_there_is_room_appends_go_on_at_the_next_offset()
    {
        await using var stage = await Stage.WithTopicAsync();
        stage.Partition.Append(Batches.Of("a"));
        stage.Disk.Room = 100;
        stage.Partition.Append(Batches.Of(new string('x', 500)));
        stage.Disk.Room = long.MaxValue;

        Assert.Equal(1, stage.Partition.Append(Batches.Of("b")).BaseOffset);
        await stage.RestartAsync(cleanly: false);

        Assert.Equal(["a", "b"], stage.ReadAll().Select(record => record.Value));
        Assert.DoesNotContain(stage.Log.Lines, line => line.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task A_kill_after_a_write_that_failed_halfway_leaves_a_tail_that_is_cut()
    {
        await using var stage = await Stage.WithTopicAsync();
        stage.Partition.Append(Batches.Of("a"));
        stage.Disk.Room = 40;
        stage.Partition.Append(Batches.Of("b"));

        stage.Disk.Room = long.MaxValue;
        await stage.RestartAsync(cleanly: false);

        Assert.Equal("a", Assert.Single(stage.ReadAll()).Value);
    }

    [Fact]
    public async Task A_refused_idempotent_batch_leaves_no_trace_and_is_taken_when_it_comes_again()
    {
        await using var stage = await Stage.WithTopicAsync();
        stage.Disk.Room = 0;
        Assert.Equal(StorageError.KafkaStorageError, stage.Partition.Append(Batches.Idempotent(1, 0, 0, "a")).Error);
        stage.Disk.Room = long.MaxValue;

        var again = stage.Partition.Append(Batches.Idempotent(1, 0, 0, "a"));

        Assert.Equal((StorageError.None, 0L, false), (again.Error, again.BaseOffset, again.IsDuplicate));
    }

    [Fact]
    public async Task A_new_segment_that_cannot_be_opened_fails_the_append_only()
    {
        await using var stage = await Stage.WithTopicAsync(("segment.bytes", "100"));
        stage.Partition.Append(Batches.Of("a"));
        stage.Disk.RefusesToOpen = true;
        Assert.Equal(StorageError.KafkaStorageError, stage.Partition.Append(Batches.Of("b")).Error);
        stage.Disk.RefusesToOpen = false;

        Assert.Equal(1, stage.Partition.Append(Batches.Of("b")).BaseOffset);
        Assert.Equal(["a", "b"], stage.ReadAll().Select(record => record.Value));
    }

    [Fact]
    public async Task With_fsync_a_batch_that_could_not_be_forced_to_the_disk_is_not_acknowledged_or_read()
    {
        await using var stage = new Stage();
        stage.Options = stage.Options with { Fsync = true };
        await stage.OpenAsync();
        await stage.Store.CreateAsync("t", 1, new Dictionary<string, string>(), default);
        stage.Disk.RefusesToFlush = true;

        Assert.Equal(StorageError.KafkaStorageError, stage.Partition.Append(Batches.Of("a")).Error);
        Assert.Empty(stage.ReadAll());
        stage.Disk.RefusesToFlush = false;
        Assert.Equal(0, stage.Partition.Append(Batches.Of("a")).BaseOffset);
    }

    [Fact]
    public async Task On_a_full_disk_topics_are_neither_made_nor_changed_and_it_is_said()
    {
        await using var stage = await Stage.WithTopicAsync();
        stage.Store.TryGet("t", out var topic);
        stage.Disk.Room = 3;
        var configs = new Dictionary<string, string> { ["retention.ms"] = "5" };

        await Assert.ThrowsAsync<StorageUnavailableException>(() => stage.Store.CreateAsync("other", 3, configs, default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => stage.Store.AlterConfigsAsync(topic!, configs, default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => stage.Store.AddPartitionsAsync(topic!, 4, default));

        Assert.Equal((1, 604_800_000L), (topic!.Partitions.Count, topic.Config.RetentionMs));
        Assert.Single(Directory.GetDirectories(Path.Combine(stage.Folder, "topics")));
        stage.Disk.Room = long.MaxValue;
        await stage.RestartAsync(cleanly: false);
        Assert.Single(stage.Store.Topics);
        Assert.Equal(0, stage.Partition.Append(Batches.Of("a")).BaseOffset);
    }

    [Fact]
    public async Task A_recovery_point_that_cannot_be_written_is_logged_and_the_store_closes_all_the_same()
    {
        await using var stage = await Stage.WithTopicAsync();
        stage.Partition.Append(Batches.Of("a"));
        stage.Disk.RefusesToFlush = true;

        await stage.RestartAsync(cleanly: true);

        Assert.Single(stage.ReadAll());
        Assert.Contains(stage.Log.Lines, line => line.Level == LogLevel.Error && line.Text.Contains("recovery point", StringComparison.Ordinal));
    }
}
