namespace Streaming.Embedded.Kafka.Storage;

/// <summary>A topic of that name exists already.</summary>
public sealed class TopicExistsException(string name) : Exception($"Topic '{name}' already exists.");

/// <summary>A topic name, partition count or the like that Kafka does not allow.</summary>
public sealed class InvalidTopicException(string message) : Exception(message);

/// <summary>A topic configuration with an unknown key or a value out of its range.</summary>
public sealed class TopicConfigException(string key, string? value, string expected)
    : Exception($"Topic configuration {key}={value ?? "(none)"} is not valid: {expected}.")
{
    /// <summary>The offending key.</summary>
    public string Key { get; } = key;

    /// <summary>The offending value.</summary>
    public string? Value { get; } = value;
}

/// <summary>The disk refuses a change of the topics; nothing has changed.</summary>
public sealed class StorageUnavailableException(Exception cause) : Exception($"The broker's disk refuses: {cause.Message}", cause);

/// <summary>Another process holds the data folder.</summary>
public sealed class DataFolderInUseException(string folder, string holder)
    : Exception($"The data folder '{folder}' is in use by {holder}.");
