using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Adds partitions to topics.</summary>
internal sealed class CreatePartitionsHandler(TopicStore store, TopicCreation creation, BrokerOptions options)
    : RequestHandler<CreatePartitionsRequest>
{
    protected override async ValueTask<IResponse?> HandleAsync(CreatePartitionsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var results = new List<CreatePartitionsResponse.Topic>(request.Topics.Count);
        foreach (var wanted in request.Topics)
        {
            results.Add(await ExtendAsync(wanted, request.ValidateOnly, cancellationToken).ConfigureAwait(false));
        }

        return new CreatePartitionsResponse(results);
    }

    private async Task<CreatePartitionsResponse.Topic> ExtendAsync(CreatePartitionsRequest.Topic wanted, bool validateOnly, CancellationToken cancellationToken)
    {
        if (!store.TryGet(wanted.Name, out var topic))
        {
            return new CreatePartitionsResponse.Topic(wanted.Name, ErrorCode.UnknownTopicOrPartition, "There is no such topic.");
        }

        var present = topic.Partitions.Count;
        if (wanted.Count <= present || wanted.Count > options.MaxPartitionsPerTopic)
        {
            var message = $"The topic has {present} partitions; {wanted.Count} were asked for; allowed: {present + 1} to {options.MaxPartitionsPerTopic}.";
            return new CreatePartitionsResponse.Topic(wanted.Name, ErrorCode.InvalidPartitions, message);
        }

        if (!creation.HasRoomFor(wanted.Count - present))
        {
            return new CreatePartitionsResponse.Topic(wanted.Name, ErrorCode.PolicyViolation, creation.NoRoom);
        }

        try
        {
            if (!validateOnly)
            {
                await store.AddPartitionsAsync(topic, wanted.Count, cancellationToken).ConfigureAwait(false);
            }

            return new CreatePartitionsResponse.Topic(wanted.Name, ErrorCode.None);
        }
        catch (InvalidTopicException problem)
        {
            // Another client was faster.
            return new CreatePartitionsResponse.Topic(wanted.Name, ErrorCode.InvalidPartitions, problem.Message);
        }
        catch (StorageUnavailableException problem)
        {
            return new CreatePartitionsResponse.Topic(wanted.Name, ErrorCode.KafkaStorageError, problem.Message);
        }
    }
}
