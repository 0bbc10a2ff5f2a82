using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Makes topics.</summary>
internal sealed class CreateTopicsHandler(TopicCreation creation) : RequestHandler<CreateTopicsRequest>
{
    protected override async ValueTask<IResponse?> HandleAsync(CreateTopicsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var twice = request.Topics.GroupBy(static t => t.Name, StringComparer.Ordinal).Where(static g => g.Count() > 1).Select(static g => g.Key)
            .ToHashSet(StringComparer.Ordinal);
        var results = twice.Select(static name => new CreateTopicsResponse.Topic(name, ErrorCode.InvalidRequest, "The topic is named twice.")).ToList();
        foreach (var topic in request.Topics.Where(t => !twice.Contains(t.Name)))
        {
            results.Add(await creation.CreateAsync(topic, request.ValidateOnly, cancellationToken).ConfigureAwait(false));
        }

        return new CreateTopicsResponse(results);
    }
}
