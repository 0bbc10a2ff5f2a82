using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>This broker coordinates every group and every transaction.</summary>
internal sealed class FindCoordinatorHandler : RequestHandler<FindCoordinatorRequest>
{
    protected override ValueTask<IResponse?> HandleAsync(FindCoordinatorRequest request, RequestContext context, CancellationToken cancellationToken) =>
        Answer(request.Type is FindCoordinatorRequest.KeyType.Group or FindCoordinatorRequest.KeyType.Transaction
            ? new FindCoordinatorResponse(ErrorCode.None, null, context.Broker, request.Keys)
            : new FindCoordinatorResponse(ErrorCode.InvalidRequest, $"Unknown key type {(sbyte)request.Type}.", context.Broker, request.Keys));
}
