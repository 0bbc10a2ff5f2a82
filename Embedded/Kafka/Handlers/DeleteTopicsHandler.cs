using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Deletes topics, and with them the offsets that groups have committed in them.</summary>
internal sealed class DeleteTopicsHandler(TopicStore store, GroupCoordinator groups) : RequestHandler<DeleteTopicsRequest>
{
    protected override async ValueTask<IResponse?> HandleAsync(DeleteTopicsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var results = new List<DeleteTopicsResponse.Topic>(request.Topics.Count);
        foreach (var asked in request.Topics)
        {
            results.Add(await DeleteAsync(asked, cancellationToken).ConfigureAwait(false));
        }

        return new DeleteTopicsResponse(results);
    }

    private async Task<DeleteTopicsResponse.Topic> DeleteAsync(DeleteTopicsRequest.Topic asked, CancellationToken cancellationToken)
    {
        if (asked.Name is not null && asked.Id != Guid.Empty)
        {
            return new DeleteTopicsResponse.Topic(asked.Name, asked.Id, ErrorCode.InvalidRequest, "Give a name or an id, not both.");
        }

        Topic? topic;
        if (asked.Name is { } name ? !store.TryGet(name, out topic) : !store.TryGet(asked.Id, out topic))
        {
            return new DeleteTopicsResponse.Topic(
                asked.Name, asked.Id, asked.Name is null ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition, "There is no such topic.");
        }

        try
        {
            await store.DeleteAsync(topic, cancellationToken).ConfigureAwait(false);
        }
        catch (StorageUnavailableException problem)
        {
            return new DeleteTopicsResponse.Topic(topic.Name, topic.Id, ErrorCode.KafkaStorageError, problem.Message);
        }

        groups.OnTopicDeleted(topic.Name);
        return new DeleteTopicsResponse.Topic(topic.Name, topic.Id, ErrorCode.None);
    }
}
