using Streaming.Embedded.Kafka.Records;
using Streaming.Embedded.Kafka.Storage;
using Streaming.Embedded.Kafka.Tests.Storage;

namespace Streaming.Embedded.Kafka.Tests.Compaction;

/// <summary>A store with one compacted topic of one partition, cleaned when the test says so.</summary>
internal sealed class CompactedStage : IAsyncDisposable
{
    private static readonly (string Key, string Value)[] Usual = [("cleanup.policy", "compact"), ("min.cleanable.dirty.ratio", "0"), ("segment.ms", "1")];

    private CompactedStage(Stage stage) => Stage = stage;

    public Stage Stage { get; }

    public PartitionLog Log => Stage.Partition;

    public List<KeyedRecord> Records => KeyedRecords.ReadAll(Log, Log.LogStartOffset);

    /// <summary>Key, value and offset of every record, in order.</summary>
    public string Content => string.Join(' ', Records.Select(record => $"{record.Key}={record.Value ?? "-"}@{record.Offset}"));

    public static async Task<CompactedStage> OpenAsync(params (string Key, string Value)[] configs) =>
        new(await Stage.WithTopicAsync([.. configs, .. Usual.ExceptBy(configs.Select(config => config.Key), config => config.Key)]));

    /// <summary>Appends "k=v" or, to delete, "k=-" as one batch.</summary>
    public long Append(params string[] records) => Append(CompressionCodec.None, records);

    public long Append(CompressionCodec codec, params string[] records) =>
        Append(KeyedRecords.Batch(codec, Stage.Clock.Now.ToUnixTimeMilliseconds(), Parse(records)));

    public long Append(byte[] batch)
    {
        var result = Log.Append(batch);
        Assert.Equal(StorageError.None, result.Error);
        return result.BaseOffset;
    }

    public static (string? Key, string? Value)[] Parse(params string[] records) =>
        [.. records.Select(record => record.Split('=')).Select(parts => ((string?)parts[0], parts[1] == "-" ? null : parts[1]))];

    public void Wait(TimeSpan time) => Stage.Clock.Now += time;

    /// <summary>Cleans all that was appended: the active segment is old enough by then to be ended.</summary>
    public void Clean()
    {
        Wait(TimeSpan.FromMilliseconds(200));
        Stage.Store.Clean(default);
    }

    public string[] Files(string pattern) => [.. Directory.GetFiles(Stage.PartitionFolder, pattern).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public ValueTask DisposeAsync() => Stage.DisposeAsync();
}
