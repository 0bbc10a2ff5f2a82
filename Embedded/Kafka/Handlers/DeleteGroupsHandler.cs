using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Forgets groups that nobody is in.</summary>
internal sealed class DeleteGroupsHandler(GroupCoordinator groups) : RequestHandler<DeleteGroupsRequest>
{
    protected override ValueTask<IResponse?> HandleAsync(DeleteGroupsRequest request, RequestContext context, CancellationToken cancellationToken) =>
        Answer(new DeleteGroupsResponse([.. request.GroupIds.Select(id => new DeleteGroupsResponse.Group(id, groups.Delete(id)))]));
}
