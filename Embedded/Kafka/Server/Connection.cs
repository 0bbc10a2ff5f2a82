using System.Net;
using Microsoft.Extensions.Logging;
using Streaming.Embedded.Kafka.Handlers;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;

namespace Streaming.Embedded.Kafka.Server;

/// <summary>
/// One client: requests are answered one after the other, in the order in which they come (the protocol wants the answers in that order).
/// Works on any stream, so that encryption can be put beneath it.
/// </summary>
internal sealed class Connection(
    Stream stream, IPEndPoint client, BrokerNode broker, RequestRouter router, FrameLimits limits, RequestMemory memory, ConnectionClock clock, ILogger logger)
{
    private readonly ResponseSender _sender = new(stream, clock);

    /// <summary>True when the client has been too slow.</summary>
    public bool IsOverdue => clock.IsOverdue;

    public EndPoint Client => client;

    /// <summary>Serves until the client ends the stream, breaks the protocol, or the stream is closed underneath.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var frames = new FrameReader(stream, limits, memory, clock);
        try
        {
            while (await frames.ReadAsync(cancellationToken).ConfigureAwait(false) is { } frame
                && await AnswerAsync(frame, cancellationToken).ConfigureAwait(false))
            {
                frames.Release();
            }
        }
        catch (MalformedRequestException problem)
        {
            Log.MalformedRequest(logger, client, problem.Message);
        }
    }

    /// <summary>False if the client speaks what is not spoken here.</summary>
    private async ValueTask<bool> AnswerAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        var pending = Begin(frame, out var header, out var spec, cancellationToken);
        if (spec is null)
        {
            Log.UnsupportedRequest(logger, client, header.Key, header.Version);
            return false;
        }

        var response = await pending.ConfigureAwait(false);
        if (response is not null)
        {
            await SendAsync(response, header, spec, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private ValueTask<IResponse?> Begin(ReadOnlyMemory<byte> frame, out RequestHeader header, out ApiSpec? spec, CancellationToken cancellationToken)
    {
        var reader = new WireReader(frame);
        header = RequestHeader.Read(ref reader, router.Find, out spec);
        if (spec is not null && spec.Supports(header.Version))
        {
            return router.HandleAsync(ref reader, new RequestContext(header, client.Address, broker), cancellationToken);
        }

        var answer = router.AnswerUnsupported(header.Key);
        spec = answer is null ? null : spec;
        header = header with { Version = 0 };
        return ValueTask.FromResult(answer);
    }

    private async ValueTask SendAsync(IResponse response, RequestHeader header, ApiSpec spec, CancellationToken cancellationToken)
    {
        using var owned = response as IDisposable;
        using var writer = new WireWriter();
        writer.WriteInt32(0); // size, known at the end
        writer.WriteInt32(header.CorrelationId);
        writer.BeginBody(header.Version, spec.HasFlexibleResponseHeader(header.Version));
        writer.WriteTaggedFields();
        writer.BeginBody(header.Version, spec.IsFlexible(header.Version));
        response.Write(writer);
        writer.PatchInt32(0, writer.TotalLength - sizeof(int));
        await _sender.SendAsync(writer, cancellationToken).ConfigureAwait(false);
    }
}
