using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Records;
using Streaming.Embedded.Kafka.Storage;
using Streaming.Embedded.Kafka.Transactions;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>
/// Appends record batches as they came, without looking into the records. A transactional batch is taken only while its producer has a transaction under
/// way with that partition in it, so that no late batch begins a transaction that nobody would end (KIP-890).
/// </summary>
internal sealed class ProduceHandler(TopicStore store, TransactionCoordinator transactions) : RequestHandler<ProduceRequest>
{
    protected override ValueTask<IResponse?> HandleAsync(ProduceRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var requestError = request.Acks is < -1 or > 1 ? ErrorCode.InvalidRequiredAcks : ErrorCode.None;
        var topics = new ProduceResponse.Topic[request.Topics.Count];
        for (var i = 0; i < topics.Length; i++)
        {
            topics[i] = Append(request.Topics[i], request.TransactionalId, requestError);
        }

        return Answer(request.Acks == 0 ? null : new ProduceResponse(topics));
    }

    private ProduceResponse.Topic Append(ProduceRequest.Topic wanted, string? transactionalId, ErrorCode requestError)
    {
        store.TryGet(wanted.Name, out var topic);
        var partitions = new ProduceResponse.Partition[wanted.Partitions.Count];
        for (var i = 0; i < partitions.Length; i++)
        {
            partitions[i] = requestError != ErrorCode.None
                ? new ProduceResponse.Partition(wanted.Partitions[i].Index, requestError)
                : Append(topic, wanted.Partitions[i], transactionalId);
        }

        return new ProduceResponse.Topic(wanted.Name, partitions);
    }

    private ProduceResponse.Partition Append(Topic? topic, ProduceRequest.Partition wanted, string? transactionalId)
    {
        if (topic is null || !topic.TryGetPartition(wanted.Index, out var log))
        {
            return new ProduceResponse.Partition(wanted.Index, ErrorCode.UnknownTopicOrPartition);
        }

        // What is too short to be a batch is refused by the log.
        return wanted.Records.Length >= RecordBatchHeader.Size && RecordBatchHeader.Read(wanted.Records.Span) is { IsTransactional: true } batch
            ? AppendToTransaction(topic, log, wanted, transactionalId, new ProducerIdentity(batch.ProducerId, batch.ProducerEpoch))
            : Append(log, wanted);
    }

    private ProduceResponse.Partition AppendToTransaction(
        Topic topic, PartitionLog log, ProduceRequest.Partition wanted, string? transactionalId, ProducerIdentity producer)
    {
        var response = default(ProduceResponse.Partition);
        var verify = new TransactionInput.Verify(producer, new TopicPartition(topic.Name, wanted.Index), null);
        var error = transactionalId is null ? ErrorCode.TransactionalIdAuthorizationFailed : transactions.WithinTransaction(transactionalId, verify, () =>
        {
            response = Append(log, wanted);
            return ErrorCode.None;
        });
        return error switch
        {
            ErrorCode.None => response,
            ErrorCode.ProducerFenced => new ProduceResponse.Partition(wanted.Index, ErrorCode.InvalidProducerEpoch),
            // The errors of a coordinator are not known here; after this one clients try again (as Kafka answers).
            ErrorCode.ConcurrentTransactions => new ProduceResponse.Partition(wanted.Index, ErrorCode.NotEnoughReplicas),
            _ => new ProduceResponse.Partition(wanted.Index, error),
        };
    }

    private static ProduceResponse.Partition Append(PartitionLog log, ProduceRequest.Partition wanted)
    {
        var result = log.Append(wanted.Records);
        return new ProduceResponse.Partition(
            wanted.Index, (ErrorCode)result.Error, result.BaseOffset, result.LogAppendTimeMs, result.LogStartOffset, result.Message, result.BadRecords);
    }
}
