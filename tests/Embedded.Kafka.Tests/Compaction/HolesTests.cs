using Streaming.Embedded.Kafka.Records;
using Streaming.Embedded.Kafka.Tests.Storage;

namespace Streaming.Embedded.Kafka.Tests.Compaction;

/// <summary>Reading where records have been cleaned away.</summary>
public class HolesTests
{
    [Fact]
    public async Task A_read_at_an_offset_that_is_gone_gives_the_next_record_that_exists()
    {
        await using var stage = await CompactedStage.OpenAsync();
        stage.Append("a=1");
        stage.Append("a=2");
        stage.Append("a=3", "b=1");
        stage.Append("a=4");
        stage.Clean();

        for (var offset = 0; offset <= 3; offset++)
        {
            Assert.Equal(3, KeyedRecords.ReadAll(stage.Log, offset)[0].Offset);
        }
        Assert.Equal(4, KeyedRecords.ReadAll(stage.Log, 4)[0].Offset);
    }

    [Fact]
    public async Task A_search_by_time_finds_only_records_that_exist()
    {
        await using var stage = await CompactedStage.OpenAsync();
        stage.Append(KeyedRecords.Batch(CompressionCodec.Gzip, 100, [("a", "1"), ("b", "1"), ("a", "2")]));
        stage.Append(KeyedRecords.Batch(CompressionCodec.None, 200, [("a", "3"), ("c", "1")]));
        stage.Append(KeyedRecords.Batch(CompressionCodec.None, 300, [("a", "4"), ("a", "5")]));
        stage.Append(KeyedRecords.Batch(CompressionCodec.None, 400, [("a", "6")]));
        stage.Clean();

        Assert.Equal("b=1@1 c=1@4 a=6@7", stage.Content);
        Assert.Equal((1, 101), stage.Log.OffsetForTimestamp(0));
        Assert.Equal((4, 201), stage.Log.OffsetForTimestamp(102));
        Assert.Equal((7, 400), stage.Log.OffsetForTimestamp(202));
        Assert.Null(stage.Log.OffsetForTimestamp(401));
        Assert.Equal((7, 400), stage.Log.MaxTimestamp());
    }

    [Fact]
    public async Task With_the_brokers_time_a_search_finds_a_record_that_exists_inside_a_batch()
    {
        await using var stage = await CompactedStage.OpenAsync(("message.timestamp.type", "LogAppendTime"), ("delete.retention.ms", "50000"));
        stage.Append("a=1", "b=-");
        stage.Append("a=2", "z=1");
        var now = stage.Stage.Clock.Now.ToUnixTimeMilliseconds();
        stage.Clean();

        Assert.Equal("b=-@1 a=2@2 z=1@3", stage.Content);
        Assert.All(stage.Records, record => Assert.Equal(now, record.Timestamp));
        Assert.Equal((1, now), stage.Log.OffsetForTimestamp(now));
    }

    [Fact]
    public async Task The_end_of_a_log_can_be_reached_when_everything_in_it_is_gone()
    {
        await using var stage = await CompactedStage.OpenAsync(("delete.retention.ms", "0"));
        stage.Append("a=1", "b=1");
        stage.Append("a=-", "b=-");
        stage.Clean();
        stage.Clean();

        Assert.Empty(stage.Records); // reading on from 0 comes to the end
        Assert.Equal((0, 4), (stage.Log.LogStartOffset, stage.Log.HighWatermark));
        await stage.Stage.RestartAsync(cleanly: false);
        Assert.Empty(stage.Records);
        Assert.Equal((0, 4), (stage.Log.LogStartOffset, stage.Log.HighWatermark));
        Assert.Equal(4, stage.Append("c=1"));
    }

    [Fact]
    public async Task A_read_that_holds_a_segment_goes_on_while_the_segment_is_replaced()
    {
        await using var stage = await CompactedStage.OpenAsync();
        stage.Append("a=1", "b=1", "a=2");
        using var slice = stage.Log.Read(0, 1 << 20, minOneBatch: true);
        var before = KeyedRecords.ReadBatches(stage.Log)[0].Bytes;

        stage.Clean();

        Assert.Equal("b=1@1 a=2@2", stage.Content);
        Assert.Equal(before, Stage.Bytes(slice));
    }

    [Fact]
    public async Task Readers_and_searches_by_time_beside_cleanings_always_see_the_latest_of_each_key()
    {
        await using var stage = await CompactedStage.OpenAsync(("segment.bytes", "4000"));
        using var done = new CancellationTokenSource();
        for (var key = 0; key < 20; key++)
        {
            stage.Append($"k{key}=0");
        }
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                var records = KeyedRecords.ReadAll(stage.Log, maxBytes: 700);
                Assert.Equal(20, records.Select(record => record.Key).Distinct().Count());
                Assert.Equal(records.Select(record => record.Offset).Distinct().Order(), records.Select(record => record.Offset));
                Assert.NotNull(stage.Log.OffsetForTimestamp(0));
            }
        })).ToList();

        for (var i = 1; i < 150; i++)
        {
            stage.Append([.. Enumerable.Range(0, 20).Select(key => $"k{key}={i}")]);
            stage.Clean();
        }
        await done.CancelAsync();
        await Task.WhenAll(readers);

        Assert.Equal(20, stage.Records.Count);
        Assert.All(stage.Records, record => Assert.Equal("149", record.Value));
    }
}
