using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Tests.Storage;

public class TopicStoreTests
{
    private static readonly Dictionary<string, string> NoConfigs = [];

    [Fact]
    public async Task A_second_opener_is_told_which_process_holds_the_folder()
    {
        await using var stage = new Stage();
        await stage.OpenAsync();

        var refused = await Assert.ThrowsAsync<DataFolderInUseException>(() => TopicStore.OpenAsync(
            stage.Options with { DataDirectory = stage.Folder }, TimeProvider.System, stage.Log, default));

        Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        Assert.Contains(stage.Folder, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_topic_with_its_id_partitions_and_configs_survives_a_restart(bool cleanly)
    {
        await using var stage = new Stage();
        await stage.OpenAsync();
        var made = await stage.Store.CreateAsync("t", 3, new Dictionary<string, string> { ["retention.ms"] = "5" }, default);
        await stage.Store.AddPartitionsAsync(made, 5, default);
        await stage.Store.AlterConfigsAsync(made, new Dictionary<string, string> { ["retention.ms"] = "7" }, default);
        made.Partitions[4].Append(Batches.Of("x"));

        await stage.RestartAsync(cleanly);

        Assert.True(stage.Store.TryGet(made.Id, out var found));
        Assert.Equal(("t", 5, 7L), (found.Name, found.Partitions.Count, found.Config.RetentionMs));
        Assert.Equal(1, found.Partitions[4].HighWatermark);
    }

    [Fact]
    public async Task A_deleted_topic_is_gone_and_its_successor_has_another_id_and_starts_at_zero()
    {
        await using var stage = await Stage.WithTopicAsync();
        stage.Store.TryGet("t", out var former);
        stage.Partition.Append(Batches.Of("old"));

        await stage.Store.DeleteAsync(former!, default);
        Assert.False(stage.Store.TryGet("t", out _));
        Assert.False(stage.Store.TryGet(former!.Id, out _));
        var next = await stage.Store.CreateAsync("t", 1, NoConfigs, default);
        await stage.Store.DeleteAsync(former, default); // late, and must not hit the successor

        Assert.NotEqual(former.Id, next.Id);
        Assert.Equal(0, stage.Partition.HighWatermark);
        await stage.RestartAsync(cleanly: false);
        Assert.Equal(0, stage.Partition.HighWatermark);
    }

    [Fact]
    public async Task What_an_unfinished_creation_or_deletion_left_is_removed_at_the_next_start()
    {
        await using var stage = await Stage.WithTopicAsync();
        var leftover = Path.Combine(stage.Folder, "topics", Guid.NewGuid().ToString("N"), "0");
        await stage.StopAsync();
        Directory.CreateDirectory(leftover);

        await stage.OpenAsync();

        Assert.False(Directory.Exists(leftover));
        Assert.Single(stage.Store.Topics);
    }

    [Fact]
    public async Task A_name_is_taken_once_even_when_many_ask_at_the_same_time()
    {
        await using var stage = new Stage();
        await stage.OpenAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                await stage.Store.CreateAsync("same", 1, NoConfigs, default);
                return true;
            }
            catch (TopicExistsException)
            {
                return false;
            }
        }));

        Assert.Single(outcomes, made => made);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("..", 1)]
    [InlineData("a/b", 1)]
    [InlineData("grün", 1)]
    [InlineData("ok", 0)]
    [InlineData("ok", TopicStore.MaxPartitions + 1)]
    public async Task A_name_or_number_that_Kafka_does_not_allow_is_refused(string name, int partitions)
    {
        await using var stage = new Stage();
        await stage.OpenAsync();

        await Assert.ThrowsAsync<InvalidTopicException>(() => stage.Store.CreateAsync(name, partitions, NoConfigs, default));
        await Assert.ThrowsAsync<InvalidTopicException>(() => stage.Store.CreateAsync(new string('x', 250), 1, NoConfigs, default));
        Assert.Empty(stage.Store.Topics);
        Assert.Empty(Directory.GetDirectories(Path.Combine(stage.Folder, "topics")));
    }

    [Theory]
    [InlineData("retention.ms", "-2")]
    [InlineData("retention.ms", "soon")]
    [InlineData("segment.bytes", "13")]
    [InlineData("segment.bytes", "99999999999")]
    [InlineData("cleanup.policy", "burn")]
    [InlineData("cleanup.policy", "")]
    [InlineData("message.timestamp.type", "logappendtime")]
    [InlineData("no.such.key", "1")]
    public async Task A_configuration_that_is_not_allowed_is_refused_naming_key_and_value(string key, string value)
    {
        await using var stage = await Stage.WithTopicAsync(("retention.ms", "9"));
        stage.Store.TryGet("t", out var topic);
        var bad = new Dictionary<string, string> { [key] = value };

        var creating = await Assert.ThrowsAsync<TopicConfigException>(() => stage.Store.CreateAsync("other", 1, bad, default));
        await Assert.ThrowsAsync<TopicConfigException>(() => stage.Store.AlterConfigsAsync(topic!, bad, default));

        Assert.Contains($"{key}={value}", creating.Message, StringComparison.Ordinal);
        Assert.Equal(9, topic!.Config.RetentionMs);
        Assert.Single(stage.Store.Topics);
    }

    [Fact]
    public void Configurations_stack_up_from_Kafkas_defaults_over_the_brokers_to_the_topics()
    {
        var config = TopicConfig.Parse(
            new Dictionary<string, string> { ["retention.ms"] = "1", ["cleanup.policy"] = "compact,delete" },
            new Dictionary<string, string> { ["retention.ms"] = "2", ["segment.bytes"] = "3000" });

        Assert.Equal((1L, 3_000L, 1_048_588), (config.RetentionMs, config.SegmentBytes, config.MaxMessageBytes));
        Assert.True(config.CleansByCompaction && config.CleansByDeletion);
        Assert.Equal(["retention.ms", "cleanup.policy"], config.Raw.Keys);
    }

    [Fact]
    public async Task A_topic_with_a_thousand_partitions_is_made_and_opened_again()
    {
        await using var stage = new Stage();
        await stage.OpenAsync();
        var topic = await stage.Store.CreateAsync("wide", 1_000, NoConfigs, default);
        topic.Partitions[999].Append(Batches.Of("x"));

        await stage.RestartAsync(cleanly: true);

        Assert.True(stage.Store.TryGet("wide", out var reopened));
        Assert.Equal(1, reopened.Partitions[999].HighWatermark);

    }
}
