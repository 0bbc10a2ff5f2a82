using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Tells what this broker speaks: exactly the handlers that it has.</summary>
internal sealed class ApiVersionsHandler(IReadOnlyList<ApiSpec> apis) : RequestHandler<ApiVersionsRequest>
{
    /// <summary>To a client whose version of the question is not spoken: the error and the list, in version 0 (KIP-511).</summary>
    public ApiVersionsResponse Unsupported() => new(ErrorCode.UnsupportedVersion, apis);

    protected override ValueTask<IResponse?> HandleAsync(ApiVersionsRequest request, RequestContext context, CancellationToken cancellationToken) =>
        Answer(new ApiVersionsResponse(ErrorCode.None, apis));
}
