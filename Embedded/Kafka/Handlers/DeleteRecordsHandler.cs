using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Moves the starts of logs.</summary>
internal sealed class DeleteRecordsHandler(TopicStore store) : RequestHandler<DeleteRecordsRequest>
{
    protected override ValueTask<IResponse?> HandleAsync(DeleteRecordsRequest request, RequestContext context, CancellationToken cancellationToken) =>
        Answer(new DeleteRecordsResponse([.. request.Topics.Select(topic =>
            new DeleteRecordsResponse.Topic(topic.Name, [.. topic.Partitions.Select(p => Delete(topic.Name, p))]))]));

    private DeleteRecordsResponse.Partition Delete(string topic, DeleteRecordsRequest.Partition wanted)
    {
        if (!store.TryGetPartition(topic, wanted.Index, out var log))
        {
            return new DeleteRecordsResponse.Partition(wanted.Index, ErrorCode.UnknownTopicOrPartition);
        }

        // -1 asks for everything; any other negative offset is a mistake.
        var error = wanted.Offset < DeleteRecordsRequest.HighWatermark ? ErrorCode.OffsetOutOfRange : (ErrorCode)log.DeleteRecords(wanted.Offset);
        return new DeleteRecordsResponse.Partition(wanted.Index, error, error == ErrorCode.None ? log.LogStartOffset : -1);
    }
}
