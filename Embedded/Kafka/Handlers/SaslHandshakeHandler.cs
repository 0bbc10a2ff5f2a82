using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Agrees on the mechanism of the proof; PLAIN is the one there is (KIP-43).</summary>
internal sealed class SaslHandshakeHandler : RequestHandler<SaslHandshakeRequest>
{
    private const string Mechanism = "PLAIN";

    protected override ValueTask<IResponse?> HandleAsync(SaslHandshakeRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var session = context.Session;
        if (!session.IsWanted || session.User is not null)
        {
            return Answer(new SaslHandshakeResponse(ErrorCode.IllegalSaslState, []));
        }

        if (request.Mechanism != Mechanism)
        {
            session.Fail();
            return Answer(new SaslHandshakeResponse(ErrorCode.UnsupportedSaslMechanism, [Mechanism]));
        }

        session.Begin();
        return Answer(new SaslHandshakeResponse(ErrorCode.None, [Mechanism]));
    }
}
