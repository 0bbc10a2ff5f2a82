using Streaming.Embedded.Kafka.Protocol;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Answers one kind of request.</summary>
internal abstract class RequestHandler
{
    public abstract ApiSpec Api { get; }

    /// <summary>Decodes the body at once (it may lie in a buffer that is reused later) and answers it; null: the request wants no answer.</summary>
    /// <exception cref="MalformedRequestException">The body is not such a request.</exception>
    public abstract ValueTask<IResponse?> HandleAsync(ref WireReader body, RequestContext context, CancellationToken cancellationToken);
}

/// <inheritdoc/>
internal abstract class RequestHandler<TRequest> : RequestHandler
    where TRequest : IRequest<TRequest>
{
    public sealed override ApiSpec Api => TRequest.Api;

    public sealed override ValueTask<IResponse?> HandleAsync(ref WireReader body, RequestContext context, CancellationToken cancellationToken) =>
        HandleAsync(TRequest.Read(ref body), context, cancellationToken);

    protected abstract ValueTask<IResponse?> HandleAsync(TRequest request, RequestContext context, CancellationToken cancellationToken);

    /// <summary>For handlers that need not wait.</summary>
    protected static ValueTask<IResponse?> Answer(IResponse? response) => ValueTask.FromResult(response);
}
