using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Changes a topic's configuration; the broker's own is fixed while it runs.</summary>
internal sealed class ConfigChanges(TopicStore store)
{
    /// <param name="change">Gives the topic's new settings from the present ones.</param>
    public async Task<AlterConfigsResponse.Result> ApplyAsync(
        ConfigResource resource, Func<TopicConfig, IReadOnlyDictionary<string, string>> change, bool validateOnly, CancellationToken cancellationToken)
    {
        if (resource.Type != ConfigResourceType.Topic)
        {
            return Failed(resource, ErrorCode.InvalidRequest, "Only topics can be configured while the broker runs.");
        }

        if (!store.TryGet(resource.Name, out var topic))
        {
            return Failed(resource, ErrorCode.UnknownTopicOrPartition, "There is no such topic.");
        }

        try
        {
            var configs = change(topic.Config);
            if (validateOnly)
            {
                TopicConfig.Parse(configs);
            }
            else
            {
                await store.AlterConfigsAsync(topic, configs, cancellationToken).ConfigureAwait(false);
            }

            return new AlterConfigsResponse.Result(resource, ErrorCode.None, null);
        }
        catch (TopicConfigException problem)
        {
            return Failed(resource, ErrorCode.InvalidConfig, problem.Message);
        }
        catch (InvalidTopicException problem)
        {
            return Failed(resource, ErrorCode.UnknownTopicOrPartition, problem.Message); // deleted meanwhile
        }
        catch (StorageUnavailableException problem)
        {
            return Failed(resource, ErrorCode.KafkaStorageError, problem.Message);
        }
    }

    private static AlterConfigsResponse.Result Failed(ConfigResource resource, ErrorCode error, string message) => new(resource, error, message);
}
