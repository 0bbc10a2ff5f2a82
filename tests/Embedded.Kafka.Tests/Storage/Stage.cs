using Microsoft.Extensions.Logging;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Tests.Storage;

/// <summary>A data folder of its own with a store that can be stopped cleanly, killed, and opened again.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("kafka-log-").FullName;
    private int _life;
    private TopicStore? _store;

    public ManualClock Clock { get; } = new();

    public ListLogger Log { get; } = new();

    public TestFileAccess Disk { get; } = new();

    public StorageOptions Options { get; set; } = new() { DataDirectory = "", CheckpointInterval = TimeSpan.FromHours(9), RetentionInterval = TimeSpan.FromHours(9), CleanerInterval = TimeSpan.FromHours(9) };

    public string Folder => Path.Combine(_parent, $"life-{_life}");

    public TopicStore Store => _store ?? throw new InvalidOperationException("The store is not open.");

    public PartitionLog Partition => Store.TryGet("t", out var topic) ? topic.Partitions[0] : throw new InvalidOperationException("There is no topic t.");

    /// <summary>The topic's only partition's folder.</summary>
    public string PartitionFolder => Directory.GetDirectories(Path.Combine(Folder, "topics")).Select(topic => Path.Combine(topic, "0")).Single();

    public static async Task<Stage> WithTopicAsync(params (string Key, string Value)[] configs)
    {
        var stage = new Stage();
        await stage.OpenAsync();
        await stage.Store.CreateAsync("t", 1, configs.ToDictionary(config => config.Key, config => config.Value), default);
        return stage;
    }

    public async Task OpenAsync() =>
        _store = await TopicStore.OpenAsync(Options with { DataDirectory = Folder }, new LogContext(Options.Fsync, Disk, Clock, Log), default);

    public async Task StopAsync()
    {
        await Store.DisposeAsync();
        _store = null;
    }

    /// <summary>What kill -9 leaves: the files as they are, nothing written down. Opens nothing.</summary>
    public async Task KillAsync()
    {
        var (before, after) = (Folder, Path.Combine(_parent, $"life-{_life + 1}"));
        foreach (var path in Directory.EnumerateFiles(before, "*", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) != ".lock"))
        {
            var copy = Path.Combine(after, Path.GetRelativePath(before, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
        await StopAsync();
        _life++;
    }

    public async Task RestartAsync(bool cleanly)
    {
        await (cleanly ? StopAsync() : KillAsync());
        await OpenAsync();
    }

    public List<(long Offset, long Timestamp, string Value)> ReadAll(int maxBytes = 1 << 20) => ReadFrom(Partition.LogStartOffset, maxBytes);

    /// <summary>Everything from an offset on; records of its batch that lie before it are left out, as a client does.</summary>
    public List<(long Offset, long Timestamp, string Value)> ReadFrom(long offset, int maxBytes = 1 << 20)
    {
        var records = new List<(long Offset, long Timestamp, string Value)>();
        while (true)
        {
            using var slice = Partition.Read(offset, maxBytes, minOneBatch: true);
            Assert.Equal(StorageError.None, slice.Error);
            if (slice.Length == 0)
            {
                return records;
            }
            var from = offset;
            records.AddRange(Batches.Decode(Bytes(slice)).Where(record => record.Offset >= from));
            offset = records[^1].Offset + 1;
        }
    }

    public static byte[] Bytes(LogSlice slice)
    {
        var bytes = new byte[slice.Length];
        Assert.Equal(bytes.Length, slice.CopyTo(bytes));
        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
        Directory.Delete(_parent, recursive: true);
    }
}

/// <summary>A clock that stands still until it is set.</summary>
internal sealed class ManualClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = DateTimeOffset.FromUnixTimeMilliseconds(1_000_000);

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>Keeps log lines for a look.</summary>
internal sealed class ListLogger : ILogger
{
    private readonly List<(LogLevel Level, string Text)> _lines = [];

    public IReadOnlyList<(LogLevel Level, string Text)> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
        {
            _lines.Add((logLevel, formatter(state, exception)));
        }
    }
}
