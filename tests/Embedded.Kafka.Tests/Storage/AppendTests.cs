using System.Buffers.Binary;
using Streaming.Embedded.Kafka.Records;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Tests.Storage;

public class AppendTests
{
    [Fact]
    public async Task Offsets_are_dense_over_batches_and_appends()
    {
        await using var stage = await Stage.WithTopicAsync();

        var first = stage.Partition.Append(Batches.Of("a", "b"));
        var second = stage.Partition.Append((byte[])[.. Batches.Of("c"), .. Batches.Of("d", "e")]);

        Assert.Equal((StorageError.None, 0L, -1L), (first.Error, first.BaseOffset, first.LogAppendTimeMs));
        Assert.Equal(2, second.BaseOffset);
        Assert.Equal(5, stage.Partition.HighWatermark);
        Assert.Equal([(0, "a"), (1, "b"), (2, "c"), (3, "d"), (4, "e")], stage.ReadAll().Select(record => ((int)record.Offset, record.Value)));
    }

    [Fact]
    public async Task The_producers_bytes_are_not_changed()
    {
        await using var stage = await Stage.WithTopicAsync(("message.timestamp.type", "LogAppendTime"));
        stage.Partition.Append(Batches.Of("a"));
        var (sent, before) = (Batches.Of("b"), Batches.Of("b"));

        stage.Partition.Append(sent);

        Assert.Equal(before, sent);
    }

    [Fact]
    public async Task With_LogAppendTime_every_record_carries_the_brokers_clock_and_the_checksum_fits()
    {
        await using var stage = await Stage.WithTopicAsync(("message.timestamp.type", "LogAppendTime"));
        stage.Clock.Now = DateTimeOffset.FromUnixTimeMilliseconds(5_555);

        var result = stage.Partition.Append(Batches.At(1, 2, 3));

        Assert.Equal(5_555, result.LogAppendTimeMs);
        Assert.All(stage.ReadAll(), record => Assert.Equal(5_555, record.Timestamp));
    }

    [Fact]
    public async Task With_CreateTime_a_producer_cannot_pass_its_time_off_as_the_brokers()
    {
        await using var stage = await Stage.WithTopicAsync();

        stage.Partition.Append(Batches.Make([(7, "k", "v")], attributes: BatchAttributes.LogAppendTime));

        using var slice = stage.Partition.Read(0, 1000, true);
        Assert.Equal(BatchAttributes.None, RecordBatchHeader.Read(Stage.Bytes(slice)).Attributes);
        Assert.Equal([(0, 7, "v")], stage.ReadAll());
    }

    public static TheoryData<string, StorageError, byte[]> BadSets => new()
    {
        { "nothing", StorageError.InvalidRecord, [] },
        { "cut short", StorageError.CorruptMessage, Batches.Of("a")[..^1] },
        { "a few bytes", StorageError.CorruptMessage, [1, 2, 3] },
        { "a wrong checksum", StorageError.CorruptMessage, Changed(batch => batch[^1] ^= 1, seal: false) },
        { "an old format", StorageError.UnsupportedForMessageFormat, Changed(batch => batch[16] = 1) },
        { "a negative length", StorageError.CorruptMessage, Changed(batch => batch.AsSpan(8, 4).Fill(0xff)) },
        { "a length beyond the set", StorageError.CorruptMessage, Changed(batch => BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), int.MaxValue)) },
        { "no records", StorageError.InvalidRecord, Changed(batch => batch.AsSpan(57, 4).Clear()) },
        { "a count that does not fit the delta", StorageError.InvalidRecord, Changed(batch => batch[26] = 9) },
        { "more records said than there are", StorageError.InvalidRecord, Changed(batch => (batch[26], batch[60]) = (8, 9)) },
        { "a broken record inside", StorageError.InvalidRecord, Changed(batch => batch[61] = 0x7e) },
        { "an unknown compression", StorageError.UnsupportedCompressionType, Changed(batch => batch[22] = 5) },
        { "a control batch", StorageError.InvalidRecord, Changed(batch => batch[22] = 0x20) },
        { "a transaction without a producer", StorageError.InvalidRecord, Changed(batch => batch[22] = 0x10) },
        { "bytes behind a good batch", StorageError.CorruptMessage, [.. Batches.Of("a"), 1, 2] },
        { "a bad batch behind a good one", StorageError.CorruptMessage, [.. Batches.Of("a"), .. Changed(batch => batch[^1] ^= 1, seal: false)] },
        { "two idempotent batches", StorageError.InvalidRecord, [.. Batches.Idempotent(1, 0, 0, "a"), .. Batches.Idempotent(1, 0, 1, "b")] },
        { "a producer without a sequence", StorageError.InvalidRecord, Batches.Idempotent(1, 0, -1, "a") },
    };

    [Theory]
    [MemberData(nameof(BadSets))]
    public async Task A_bad_set_is_refused_whole(string what, StorageError error, byte[] set)
    {
        await using var stage = await Stage.WithTopicAsync();

        var result = stage.Partition.Append(set);

        Assert.True(error == result.Error, $"{what}: {result.Error}, {result.Message}");
        Assert.Equal(-1, result.BaseOffset);
        Assert.Equal(0, stage.Partition.HighWatermark);
        Assert.Equal(0, stage.Partition.SizeBytes);
    }

    [Fact]
    public async Task Too_large_a_batch_and_too_large_a_set_have_errors_of_their_own()
    {
        await using var stage = await Stage.WithTopicAsync(("max.message.bytes", "200"), ("segment.bytes", "300"));
        var batch = Batches.Of(new string('x', 100));

        Assert.Equal(StorageError.MessageTooLarge, stage.Partition.Append(Batches.Of(new string('x', 200))).Error);
        Assert.Equal(StorageError.RecordListTooLarge, stage.Partition.Append((byte[])[.. batch, .. batch]).Error);
        Assert.Equal(StorageError.None, stage.Partition.Append(batch).Error);
    }

    [Fact]
    public async Task A_compacted_topic_refuses_a_record_without_a_key()
    {
        await using var stage = await Stage.WithTopicAsync(("cleanup.policy", "compact"));

        Assert.Equal(StorageError.InvalidRecord, stage.Partition.Append(Batches.Make([(1, "k", "v"), (1, null, "v")])).Error);
        Assert.Equal(StorageError.None, stage.Partition.Append(Batches.Of("v")).Error);
    }

    [Fact]
    public async Task Many_threads_append_and_read_and_every_record_is_there_once()
    {
        await using var stage = await Stage.WithTopicAsync(("segment.bytes", "2000"));
        using var done = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                var records = stage.ReadAll(maxBytes: 700);
                Assert.Equal(Enumerable.Range(0, records.Count).Select(i => (long)i), records.Select(record => record.Offset));
            }
        });

        Parallel.For(0, 400, i => Assert.Equal(StorageError.None, stage.Partition.Append(Batches.Of($"{i}a", $"{i}b")).Error));
        await done.CancelAsync();
        await reader;

        Assert.Equal(
            Enumerable.Range(0, 400).SelectMany(i => new[] { $"{i}a", $"{i}b" }).Order(),
            stage.ReadAll().Select(record => record.Value).Order());
    }

    [Fact]
    public async Task A_waiting_reader_wakes_at_the_next_append_and_when_the_topic_goes()
    {
        await using var stage = await Stage.WithTopicAsync();
        var partition = stage.Partition;
        Assert.True(partition.WaitForDataAsync(-1, default).IsCompleted);

        var first = partition.WaitForDataAsync(0, default);
        Assert.False(first.IsCompleted);
        partition.Append(Batches.Of("a"));
        await first.WaitAsync(TimeSpan.FromSeconds(10));

        var second = partition.WaitForDataAsync(1, default);
        Assert.False(second.IsCompleted);
        stage.Store.TryGet("t", out var topic);
        await stage.Store.DeleteAsync(topic!, default);
        await second.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private static byte[] Changed(Action<byte[]> change, bool seal = true)
    {
        var batch = Batches.Of("a", "b");
        change(batch);
        return seal ? Batches.Seal(batch) : batch;
    }
}
