using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Lists groups.</summary>
internal sealed class ListGroupsHandler(GroupCoordinator groups) : RequestHandler<ListGroupsRequest>
{
    protected override ValueTask<IResponse?> HandleAsync(ListGroupsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var all = request.Types.Count == 0 || request.Types.Contains(ListGroupsResponse.ClassicType, StringComparer.OrdinalIgnoreCase)
            ? groups.View(static g => new ListGroupsResponse.Group(g.Id, g.ProtocolType ?? "", GroupStateNames.Of(g.State)))
            : [];
        return Answer(new ListGroupsResponse(
            [.. all.Where(g => request.States.Count == 0 || request.States.Contains(g.State, StringComparer.OrdinalIgnoreCase))]));
    }
}
