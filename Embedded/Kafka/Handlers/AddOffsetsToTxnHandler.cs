using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Transactions;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Takes a group into a transaction, whose offsets are sent next.</summary>
internal sealed class AddOffsetsToTxnHandler(TransactionCoordinator transactions, GroupCoordinator groups) : RequestHandler<AddOffsetsToTxnRequest>
{
    protected override ValueTask<IResponse?> HandleAsync(AddOffsetsToTxnRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var error = request.GroupId.Length is 0 or > TransactionSettings.MaxNameLength ? ErrorCode.InvalidGroupId
            : !groups.HasRoomFor(request.GroupId) ? ErrorCode.PolicyViolation
            : transactions.Ask(
                request.TransactionalId, new TransactionInput.Enlist(new ProducerIdentity(request.ProducerId, request.ProducerEpoch), [], [request.GroupId]));
        return Answer(new AddOffsetsToTxnResponse(error.For(context.Version, 2)));
    }
}
