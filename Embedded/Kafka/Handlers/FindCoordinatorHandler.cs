using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>
/// This broker coordinates every group. Nobody may use transactions: of the errors that fit, this is the one at which clients give up at once
/// instead of asking again until their time is up.
/// </summary>
internal sealed class FindCoordinatorHandler : RequestHandler<FindCoordinatorRequest>
{
    protected override ValueTask<IResponse?> HandleAsync(FindCoordinatorRequest request, RequestContext context, CancellationToken cancellationToken) =>
        Answer(request.Type switch
        {
            FindCoordinatorRequest.KeyType.Group => new FindCoordinatorResponse(ErrorCode.None, null, context.Broker, request.Keys),
            FindCoordinatorRequest.KeyType.Transaction => new FindCoordinatorResponse(
                ErrorCode.TransactionalIdAuthorizationFailed, "This broker has no transactions.", context.Broker, request.Keys),
            _ => new FindCoordinatorResponse(ErrorCode.InvalidRequest, $"Unknown key type {(sbyte)request.Type}.", context.Broker, request.Keys),
        });
}
