using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>All topics of one data folder. Lookups take no lock; changes happen one after the other.</summary>
public sealed class TopicStore : IAsyncDisposable
{
    /// <summary>Most partitions that a topic may have.</summary>
    public const int MaxPartitions = 10_000;

    private readonly ConcurrentDictionary<string, Topic> _byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, Topic> _byId = new();
    private readonly SemaphoreSlim _changes = new(1, 1);
    private readonly StorageOptions _options;
    private readonly LogContext _context;
    private readonly string _root;
    private readonly FolderLock _lock;
    private readonly StorageMaintenance _maintenance;
    private bool _disposed;

    private TopicStore(StorageOptions options, LogContext context, string root, FolderLock folderLock)
    {
        (_options, _context, _root, _lock) = (options, context, root, folderLock);
        _maintenance = new StorageMaintenance(this, options, context);
    }

    /// <summary>The topics at this moment.</summary>
    public IReadOnlyCollection<Topic> Topics => (IReadOnlyCollection<Topic>)_byName.Values;

    /// <summary>Opens the folder, recovering every log that was not closed cleanly.</summary>
    /// <exception cref="DataFolderInUseException">Another process holds it.</exception>
    /// <exception cref="TopicConfigException">A default in the options is not valid.</exception>
    public static Task<TopicStore> OpenAsync(StorageOptions options, TimeProvider time, ILogger logger, CancellationToken ct) =>
        OpenAsync(options, new LogContext(options.Fsync, new LogFileAccess(), time, logger), ct);

    internal static Task<TopicStore> OpenAsync(StorageOptions options, LogContext context, CancellationToken ct) => Task.Run(
        () =>
        {
            TopicConfig.Parse(options.TopicDefaults);
            var root = Path.Combine(options.DataDirectory, "topics");
            Directory.CreateDirectory(root);
            var folderLock = FolderLock.Take(options.DataDirectory);
            try
            {
                var store = new TopicStore(options, context, root, folderLock);
                store.Load(ct);
                store._maintenance.Start();
                return store;
            }
            catch
            {
                folderLock.Dispose();
                throw;
            }
        },
        ct);

    /// <summary>Finds a topic by name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Topic? topic) => _byName.TryGetValue(name, out topic);

    /// <summary>Finds a topic by id.</summary>
    public bool TryGet(Guid id, [NotNullWhen(true)] out Topic? topic) => _byId.TryGetValue(id, out topic);

    /// <summary>Makes a topic; it exists either whole or not at all.</summary>
    /// <exception cref="TopicExistsException">The name is taken.</exception>
    /// <exception cref="InvalidTopicException">The name or the number of partitions is not allowed.</exception>
    /// <exception cref="TopicConfigException">A configuration is not allowed.</exception>
    /// <exception cref="StorageUnavailableException">The disk refuses.</exception>
    public Task<Topic> CreateAsync(string name, int partitions, IReadOnlyDictionary<string, string> configs, CancellationToken ct) =>
        ChangeAsync(
            () =>
            {
                ValidateNew(name, partitions, configs);
                var metadata = new TopicMetadata(name, Guid.NewGuid(), partitions, new Dictionary<string, string>(configs));
                var topic = CreateOrUndo(metadata, TopicFolder.Of(_root, metadata.Id));
                Add(topic);
                StorageLog.TopicCreated(_context.Logger, name, topic.Id, partitions);
                return topic;
            },
            ct);

    /// <summary>Throws what <see cref="CreateAsync"/> would throw, and changes nothing (for <c>validate_only</c>).</summary>
    public void ValidateNew(string name, int partitions, IReadOnlyDictionary<string, string> configs)
    {
        if (TopicNames.WhyNot(name) is { } reason)
        {
            throw new InvalidTopicException(reason);
        }
        if (partitions is < 1 or > MaxPartitions)
        {
            throw new InvalidTopicException($"Topic '{name}' cannot have {partitions} partitions; 1 to {MaxPartitions} are allowed.");
        }
        TopicConfig.Parse(configs, _options.TopicDefaults);
        if (_byName.ContainsKey(name))
        {
            throw new TopicExistsException(name);
        }
    }

    /// <summary>Removes a topic with all its data; once the task is done it does not come back. Does nothing if it is gone already.</summary>
    /// <exception cref="StorageUnavailableException">The disk refuses; the topic is still there.</exception>
    public Task DeleteAsync(Topic topic, CancellationToken ct) =>
        ChangeAsync(
            () =>
            {
                if (!_byId.ContainsKey(topic.Id))
                {
                    return false;
                }
                var folder = TopicFolder.Of(_root, topic.Id);
                folder.Retire();
                _byName.TryRemove(topic.Name, out _);
                _byId.TryRemove(topic.Id, out _);
                Close(topic);
                StorageLog.TopicDeleted(_context.Logger, topic.Name, topic.Id);
                TryRemove(folder, topic.Name);
                return true;
            },
            ct);

    /// <summary>Adds partitions up to <paramref name="total"/>.</summary>
    /// <exception cref="InvalidTopicException">It is not more than there are, or too many, or the topic is gone.</exception>
    /// <exception cref="StorageUnavailableException">The disk refuses.</exception>
    public Task AddPartitionsAsync(Topic topic, int total, CancellationToken ct) =>
        ChangeAsync(
            () =>
            {
                RequireExists(topic);
                var present = topic.Partitions.Count;
                if (total <= present || total > MaxPartitions)
                {
                    throw new InvalidTopicException($"Topic '{topic.Name}' has {present} partitions and cannot be given {total}.");
                }
                var folder = TopicFolder.Of(_root, topic.Id);
                var added = Enumerable.Range(present, total - present).Select(index => OpenPartition(topic.Name, folder, index, topic.Config)).ToList();
                try
                {
                    folder.Save(new TopicMetadata(topic.Name, topic.Id, total, topic.Config.Raw), _context.Access);
                }
                catch
                {
                    added.ForEach(static partition => partition.Close());
                    throw;
                }
                topic.SetPartitions([.. topic.Partitions, .. added]);
                return true;
            },
            ct);

    /// <summary>Replaces what is set on the topic itself (<see cref="TopicConfig.Raw"/>).</summary>
    /// <exception cref="TopicConfigException">A configuration is not allowed; nothing was changed.</exception>
    /// <exception cref="InvalidTopicException">The topic is gone.</exception>
    /// <exception cref="StorageUnavailableException">The disk refuses.</exception>
    public Task AlterConfigsAsync(Topic topic, IReadOnlyDictionary<string, string> configs, CancellationToken ct) =>
        ChangeAsync(
            () =>
            {
                RequireExists(topic);
                var config = TopicConfig.Parse(configs, _options.TopicDefaults);
                TopicFolder.Of(_root, topic.Id).Save(new TopicMetadata(topic.Name, topic.Id, topic.Partitions.Count, config.Raw), _context.Access);
                topic.SetConfig(config);
                return true;
            },
            ct);

    /// <summary>Deletes what retention no longer keeps; also called by a timer. A partition whose disk refuses is logged and tried again next time.</summary>
    public void ApplyRetention(DateTimeOffset now) => _maintenance.ApplyRetention(now);

    /// <summary>Compacts what is worth it; also called by a timer.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; what has been done stays.</exception>
    internal void Clean(CancellationToken cancellationToken) => _maintenance.Clean(cancellationToken);

    /// <summary>Stops the timers, writes recovery points and lets the folder go.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }
        await _maintenance.DisposeAsync().ConfigureAwait(false);
        await _changes.WaitAsync().ConfigureAwait(false);
        await Task.Run(_maintenance.Checkpoint).ConfigureAwait(false);
        foreach (var topic in _byName.Values)
        {
            Close(topic);
        }
        _lock.Dispose();
        _changes.Dispose();
    }

    // The disk's work must not hold up a thread that serves connections.
    private async Task<T> ChangeAsync<T>(Func<T> change, CancellationToken ct)
    {
        await _changes.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            return await Task.Run(change, ct).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            StorageLog.ChangeFailed(_context.Logger, exception);
            throw new StorageUnavailableException(exception);
        }
        finally
        {
            _changes.Release();
        }
    }

    private void Load(CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        foreach (var path in Directory.EnumerateDirectories(_root).Order(StringComparer.Ordinal))
        {
            ct.ThrowIfCancellationRequested();
            var folder = new TopicFolder(path);
            if (folder.TryLoad() is { } metadata)
            {
                Add(Open(metadata, folder));
                continue;
            }
            StorageLog.LeftoversRemoved(_context.Logger, path);
            TryRemove(folder, path);
        }
        StorageLog.Opened(_context.Logger, _options.DataDirectory, _byName.Count, _byName.Values.Sum(topic => topic.Partitions.Count), clock.ElapsedMilliseconds);
    }

    private Topic CreateOrUndo(TopicMetadata metadata, TopicFolder folder)
    {
        Topic? topic = null;
        try
        {
            topic = Open(metadata, folder);
            folder.Save(metadata, _context.Access);
            return topic;
        }
        catch
        {
            if (topic is not null)
            {
                Close(topic);
            }
            TryRemove(folder, metadata.Name);
            throw;
        }
    }

    private Topic Open(TopicMetadata metadata, TopicFolder folder)
    {
        var config = TopicConfig.Parse(metadata.Configs, _options.TopicDefaults);
        Directory.CreateDirectory(folder.Path);
        var partitions = Enumerable.Range(0, metadata.Partitions).Select(index => OpenPartition(metadata.Name, folder, index, config)).ToList();
        return new Topic(metadata.Name, metadata.Id, config, partitions);
    }

    private PartitionLog OpenPartition(string topic, TopicFolder folder, int index, TopicConfig config) =>
        new(folder.PartitionPath(index), topic, index, config, _context);

    private void Add(Topic topic) => (_byName[topic.Name], _byId[topic.Id]) = (topic, topic);

    private void RequireExists(Topic topic)
    {
        if (!_byId.ContainsKey(topic.Id))
        {
            throw new InvalidTopicException($"Topic '{topic.Name}' ({topic.Id}) has been deleted.");
        }
    }

    private static void Close(Topic topic)
    {
        foreach (var partition in topic.Partitions)
        {
            partition.Close();
        }
    }

    // What stays behind takes room, nothing else; the next start removes it.
    private void TryRemove(TopicFolder folder, string name)
    {
        try
        {
            folder.Remove();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            StorageLog.MaintenanceFailed(_context.Logger, exception, name, "removing the folder of a deleted topic");
        }
    }
}
