using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>All topics of one data folder.</summary>
public sealed class TopicStore : IAsyncDisposable
{
    /// <summary>Opens the folder, recovering every log that was not closed cleanly.</summary>
    /// <exception cref="DataFolderInUseException">Another process holds it.</exception>
    public static Task<TopicStore> OpenAsync(StorageOptions options, TimeProvider time, ILogger logger, CancellationToken ct) =>
        throw new NotSupportedException();

    /// <summary>The topics at this moment.</summary>
    public IReadOnlyCollection<Topic> Topics => throw new NotSupportedException();

    /// <summary>Finds a topic by name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Topic? topic) => throw new NotSupportedException();

    /// <summary>Finds a topic by id.</summary>
    public bool TryGet(Guid id, [NotNullWhen(true)] out Topic? topic) => throw new NotSupportedException();

    /// <summary>Makes a topic; it exists either whole or not at all.</summary>
    /// <exception cref="TopicExistsException">The name is taken.</exception>
    /// <exception cref="InvalidTopicException">The name or the number of partitions is not allowed.</exception>
    /// <exception cref="TopicConfigException">A configuration is not allowed.</exception>
    public Task<Topic> CreateAsync(string name, int partitions, IReadOnlyDictionary<string, string> configs, CancellationToken ct) =>
        throw new NotSupportedException();

    /// <summary>Throws what <see cref="CreateAsync"/> would throw, and changes nothing (for <c>validate_only</c>).</summary>
    public void ValidateNew(string name, int partitions, IReadOnlyDictionary<string, string> configs) => throw new NotSupportedException();

    /// <summary>Removes a topic with all its data; once the task is done it does not come back.</summary>
    public Task DeleteAsync(Topic topic, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Adds partitions up to <paramref name="total"/>.</summary>
    /// <exception cref="InvalidTopicException">It is not more than there are, or too many.</exception>
    public Task AddPartitionsAsync(Topic topic, int total, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Replaces what is set on the topic itself (<see cref="TopicConfig.Raw"/>).</summary>
    /// <exception cref="TopicConfigException">A configuration is not allowed; nothing was changed.</exception>
    public Task AlterConfigsAsync(Topic topic, IReadOnlyDictionary<string, string> configs, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Deletes what retention no longer keeps; also called by a timer.</summary>
    public void ApplyRetention(DateTimeOffset now) => throw new NotSupportedException();

    /// <summary>Stops the timers, writes recovery points and lets the folder go.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
