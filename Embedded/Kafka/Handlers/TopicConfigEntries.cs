using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>A topic's configuration as clients are told it.</summary>
internal static class TopicConfigEntries
{
    public static List<ConfigEntry> Of(TopicConfig config) =>
        [.. TopicConfigKeys.All.Select(key => new ConfigEntry(
            key.Name, config.Effective[key.Name], SourceOf(config, key), ReadOnly: false, (sbyte)key.Type, key.Default))];

    private static ConfigSource SourceOf(TopicConfig config, TopicConfigKey key) =>
        config.Raw.ContainsKey(key.Name) ? ConfigSource.Topic
        : config.Effective[key.Name] == key.Default ? ConfigSource.Default
        : ConfigSource.StaticBroker;
}
