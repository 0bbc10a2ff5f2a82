using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Gives producer ids for idempotent producing. Nobody may use transactions (see <see cref="FindCoordinatorHandler"/>).</summary>
internal sealed class InitProducerIdHandler(ProducerIds ids) : RequestHandler<InitProducerIdRequest>
{
    protected override ValueTask<IResponse?> HandleAsync(InitProducerIdRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (request.TransactionalId is not null)
        {
            return Answer(new InitProducerIdResponse(
                request.TransactionalId.Length == 0 ? ErrorCode.InvalidRequest : ErrorCode.TransactionalIdAuthorizationFailed));
        }

        // Without a transactional id a producer that recovers gets a new id instead of a higher epoch, as from Kafka.
        return Answer(new InitProducerIdResponse(ErrorCode.None, ids.Next(), 0));
    }
}
