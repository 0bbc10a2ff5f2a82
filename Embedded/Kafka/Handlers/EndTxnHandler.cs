using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Transactions;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Commits or aborts a transaction.</summary>
internal sealed class EndTxnHandler(TransactionCoordinator transactions) : RequestHandler<EndTxnRequest>
{
    protected override ValueTask<IResponse?> HandleAsync(EndTxnRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var end = new TransactionInput.End(new ProducerIdentity(request.ProducerId, request.ProducerEpoch), request.Commit);
        return Answer(new EndTxnResponse(transactions.Ask(request.TransactionalId, end).For(context.Version, 2)));
    }
}
