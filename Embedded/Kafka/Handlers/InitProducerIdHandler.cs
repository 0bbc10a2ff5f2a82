using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Transactions;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Gives producer ids for idempotent producing, and makes producers the only ones of their transactional id.</summary>
internal sealed class InitProducerIdHandler(ProducerIds ids, TransactionCoordinator transactions) : RequestHandler<InitProducerIdRequest>
{
    protected override ValueTask<IResponse?> HandleAsync(InitProducerIdRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (request.TransactionalId is null)
        {
            // Without a transactional id a producer that recovers gets a new id instead of a higher epoch, as from Kafka.
            return Answer(new InitProducerIdResponse(ErrorCode.None, ids.Next(), 0));
        }

        // Either both are there or none is.
        if (request.ProducerId < 0 != request.ProducerEpoch < 0)
        {
            return Answer(new InitProducerIdResponse(ErrorCode.InvalidRequest));
        }

        var claimed = request.ProducerId < 0 ? ProducerIdentity.None : new ProducerIdentity(request.ProducerId, request.ProducerEpoch);
        var (error, producer) = transactions.Init(request.TransactionalId, claimed, TimeSpan.FromMilliseconds(request.TransactionTimeoutMs));
        return Answer(new InitProducerIdResponse(error.For(context.Version, 4), producer.Id, producer.Epoch));
    }
}
