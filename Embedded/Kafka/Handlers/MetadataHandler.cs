using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Tells topics and partitions; makes a topic that is not there, if broker and client want that.</summary>
internal sealed class MetadataHandler(TopicStore store, TopicCreation creation, BrokerOptions options, string clusterId) : RequestHandler<MetadataRequest>
{
    protected override async ValueTask<IResponse?> HandleAsync(MetadataRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var topics = new List<MetadataResponse.Topic>();
        if (request.Topics is null)
        {
            topics.AddRange(store.Topics.Select(Describe));
        }

        foreach (var asked in request.Topics ?? [])
        {
            topics.Add(asked.Name is { } name
                ? await FindByNameAsync(name, request.AllowAutoTopicCreation, cancellationToken).ConfigureAwait(false)
                : FindById(asked.Id));
        }

        return new MetadataResponse(context.Broker, clusterId, topics);
    }

    private static MetadataResponse.Topic Describe(Topic topic) => new(ErrorCode.None, topic.Name, topic.Id, topic.Partitions.Count);

    private MetadataResponse.Topic FindById(Guid id) =>
        store.TryGet(id, out var topic) ? Describe(topic) : new MetadataResponse.Topic(ErrorCode.UnknownTopicId, null, id, 0);

    private async Task<MetadataResponse.Topic> FindByNameAsync(string name, bool mayCreate, CancellationToken cancellationToken)
    {
        if (store.TryGet(name, out var topic))
        {
            return Describe(topic);
        }

        if (!mayCreate || !options.AutoCreateTopics)
        {
            var error = creation.IsValidName(name) ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidTopicException;
            return new MetadataResponse.Topic(error, name, Guid.Empty, 0);
        }

        try
        {
            return Describe(await creation.CreateOnUseAsync(name, cancellationToken).ConfigureAwait(false));
        }
        catch (InvalidTopicException)
        {
            return new MetadataResponse.Topic(ErrorCode.InvalidTopicException, name, Guid.Empty, 0);
        }
        catch (StorageUnavailableException)
        {
            return new MetadataResponse.Topic(ErrorCode.KafkaStorageError, name, Guid.Empty, 0);
        }
    }
}
