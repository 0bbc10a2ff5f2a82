using Streaming.Embedded.Kafka.Handlers;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;

namespace Streaming.Embedded.Kafka.Server;

/// <summary>Which handler answers which kind of request. What is not in here is not told to clients either.</summary>
internal sealed class RequestRouter
{
    private readonly Dictionary<ApiKey, RequestHandler> _handlers;
    private readonly ApiVersionsHandler _apiVersions;

    public RequestRouter(IEnumerable<RequestHandler> handlers)
    {
        var all = handlers.ToList();
        Apis = [.. all.Select(static handler => handler.Api).Append(ApiVersionsRequest.Api).OrderBy(static api => api.Key)];
        _apiVersions = new ApiVersionsHandler(Apis);
        _handlers = all.Append(_apiVersions).ToDictionary(static handler => handler.Api.Key);
    }

    public IReadOnlyList<ApiSpec> Apis { get; }

    public ApiSpec? Find(ApiKey key) => _handlers.GetValueOrDefault(key)?.Api;

    public ValueTask<IResponse?> HandleAsync(ref WireReader body, RequestContext context, CancellationToken cancellationToken) =>
        _handlers[context.Header.Key].HandleAsync(ref body, context, cancellationToken);

    /// <summary>What a client is told whose ApiVersions request is of a version not spoken; null for any other request.</summary>
    public IResponse? AnswerUnsupported(ApiKey key) => key == ApiKey.ApiVersions ? _apiVersions.Unsupported() : null;
}
