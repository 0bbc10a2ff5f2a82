using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Storage;
using Streaming.Embedded.Kafka.Transactions;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Takes partitions into a transaction, all or none.</summary>
internal sealed class AddPartitionsToTxnHandler(TransactionCoordinator transactions, TopicStore store) : RequestHandler<AddPartitionsToTxnRequest>
{
    protected override ValueTask<IResponse?> HandleAsync(AddPartitionsToTxnRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var known = new List<TopicPartition>();
        var unknown = new HashSet<TopicPartition>();
        foreach (var topic in request.Topics)
        {
            var found = store.TryGet(topic.Name, out var stored) ? stored : null;
            foreach (var index in topic.Partitions)
            {
                if (found is not null && found.TryGetPartition(index, out _))
                {
                    known.Add(new TopicPartition(found.Name, index)); // the store's string: it is kept longer than the request's
                }
                else
                {
                    unknown.Add(new TopicPartition(topic.Name, index));
                }
            }
        }

        var error = unknown.Count > 0
            ? ErrorCode.OperationNotAttempted
            : transactions.Ask(request.TransactionalId, new TransactionInput.Enlist(new ProducerIdentity(request.ProducerId, request.ProducerEpoch), known, []))
                .For(context.Version, 2);
        return Answer(new AddPartitionsToTxnResponse([.. request.Topics.Select(topic =>
            new AddPartitionsToTxnResponse.Topic(topic.Name, [.. topic.Partitions.Select(index => new AddPartitionsToTxnResponse.Partition(
                index, unknown.Contains(new TopicPartition(topic.Name, index)) ? ErrorCode.UnknownTopicOrPartition : error))]))]));
    }
}
