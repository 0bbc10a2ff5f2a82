using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Appends record batches as they came, without looking into the records.</summary>
internal sealed class ProduceHandler(TopicStore store) : RequestHandler<ProduceRequest>
{
    protected override ValueTask<IResponse?> HandleAsync(ProduceRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var requestError = request switch
        {
            { Acks: < -1 or > 1 } => ErrorCode.InvalidRequiredAcks,
            { TransactionalId: not null } => ErrorCode.TransactionalIdAuthorizationFailed,
            _ => ErrorCode.None,
        };
        var topics = new ProduceResponse.Topic[request.Topics.Count];
        for (var i = 0; i < topics.Length; i++)
        {
            topics[i] = Append(request.Topics[i], requestError);
        }

        return Answer(request.Acks == 0 ? null : new ProduceResponse(topics));
    }

    private ProduceResponse.Topic Append(ProduceRequest.Topic wanted, ErrorCode requestError)
    {
        store.TryGet(wanted.Name, out var topic);
        var partitions = new ProduceResponse.Partition[wanted.Partitions.Count];
        for (var i = 0; i < partitions.Length; i++)
        {
            partitions[i] = requestError != ErrorCode.None
                ? new ProduceResponse.Partition(wanted.Partitions[i].Index, requestError)
                : Append(topic, wanted.Partitions[i]);
        }

        return new ProduceResponse.Topic(wanted.Name, partitions);
    }

    private static ProduceResponse.Partition Append(Topic? topic, ProduceRequest.Partition wanted)
    {
        if (topic is null || !topic.TryGetPartition(wanted.Index, out var log))
        {
            return new ProduceResponse.Partition(wanted.Index, ErrorCode.UnknownTopicOrPartition);
        }

        var result = log.Append(wanted.Records);
        return new ProduceResponse.Partition(
            wanted.Index, (ErrorCode)result.Error, result.BaseOffset, result.LogAppendTimeMs, result.LogStartOffset, result.Message);
    }
}
