using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Replaces a topic's settings as a whole.</summary>
internal sealed class AlterConfigsHandler(ConfigChanges changes) : RequestHandler<AlterConfigsRequest>
{
    protected override async ValueTask<IResponse?> HandleAsync(AlterConfigsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var results = new List<AlterConfigsResponse.Result>(request.Changes.Count);
        foreach (var change in request.Changes)
        {
            var configs = change.Configs.Where(static c => c.Value is not null).GroupBy(static c => c.Key, StringComparer.Ordinal)
                .ToDictionary(static c => c.Key, static c => c.Last().Value!, StringComparer.Ordinal);
            results.Add(await changes.ApplyAsync(change.Resource, _ => configs, request.ValidateOnly, cancellationToken).ConfigureAwait(false));
        }

        return new AlterConfigsResponse(results);
    }
}
