using Microsoft.Extensions.Logging;
using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Storage;
using Streaming.Embedded.Kafka.Transactions;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>
/// Keeps offsets for a group until the transaction ends; they are durable when it answers. Both the producer (by its epoch) and the member for which
/// it commits (by its generation) must be the present ones, so that a zombie of either kind commits nothing.
/// </summary>
internal sealed class TxnOffsetCommitHandler(
    TransactionCoordinator transactions, GroupCoordinator groups, TopicStore store, ILogger<TxnOffsetCommitHandler> logger)
    : RequestHandler<TxnOffsetCommitRequest>
{
    protected override ValueTask<IResponse?> HandleAsync(TxnOffsetCommitRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var offsets = new OffsetsToCommit(request.Topics, store);
        var producer = new ProducerIdentity(request.ProducerId, request.ProducerEpoch);
        var error = request.GroupId.Length == 0 ? ErrorCode.InvalidGroupId : transactions.WithinTransaction(
            request.TransactionalId, new TransactionInput.Verify(producer, null, request.GroupId), () => Commit(request, offsets.Sound()));
        return Answer(new TxnOffsetCommitResponse(offsets.Answer(AsKnown(error))));
    }

    /// <summary>No version of this request knows PRODUCER_FENCED, and not every client knows here that it may ask again later.</summary>
    private static ErrorCode AsKnown(ErrorCode error) => error switch
    {
        ErrorCode.ProducerFenced => ErrorCode.InvalidProducerEpoch,
        ErrorCode.ConcurrentTransactions => ErrorCode.CoordinatorNotAvailable,
        _ => error,
    };

    private ErrorCode Commit(TxnOffsetCommitRequest request, Dictionary<TopicPartition, CommittedOffset> offsets)
    {
        try
        {
            var member = new MemberIdentity(request.MemberId, request.GroupInstanceId);
            return groups.CommitPending(request.GroupId, request.ProducerId, member, request.Generation, offsets);
        }
        catch (Exception error) when (error.IsDiskTrouble())
        {
            Log.OffsetsRefused(logger, request.GroupId, error);
            return ErrorCode.CoordinatorNotAvailable;
        }
    }
}
