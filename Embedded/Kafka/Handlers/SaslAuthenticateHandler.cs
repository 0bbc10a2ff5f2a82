using Microsoft.Extensions.Logging;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Takes the proof of who the client is (KIP-152).</summary>
internal sealed class SaslAuthenticateHandler(TimeProvider time, ILogger<SaslAuthenticateHandler> logger) : RequestHandler<SaslAuthenticateRequest>
{
    /// <summary>Guesses are slow (connection.failed.authentication.delay.ms).</summary>
    private static readonly TimeSpan FailureDelay = TimeSpan.FromMilliseconds(100);

    protected override async ValueTask<IResponse?> HandleAsync(SaslAuthenticateRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var session = context.Session;
        if (!session.HasBegun)
        {
            session.Fail();
            return new SaslAuthenticateResponse(ErrorCode.IllegalSaslState, "A SaslHandshake request comes first, and the proof once.");
        }

        if (session.TryProve(request.Token.Span))
        {
            return new SaslAuthenticateResponse(ErrorCode.None, null);
        }

        Log.AuthenticationFailed(logger, context.ClientAddress);
        await Task.Delay(FailureDelay, time, cancellationToken).ConfigureAwait(false);
        return new SaslAuthenticateResponse(ErrorCode.SaslAuthenticationFailed, "Authentication failed: the user name or the password is wrong.");
    }
}
