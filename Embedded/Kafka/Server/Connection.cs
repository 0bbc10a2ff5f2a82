using System.Net;
using Microsoft.Extensions.Logging;
using Streaming.Embedded.Kafka.Handlers;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Security;

namespace Streaming.Embedded.Kafka.Server;

/// <summary>
/// One client: requests are answered one after the other, in the order in which they come (the protocol wants the answers in that order).
/// A client that has to prove who it is may ask for nothing else before.
/// </summary>
internal sealed class Connection(
    IPEndPoint client, BrokerNode broker, RequestRouter router, FrameLimits limits, RequestMemory memory, ConnectionClock clock, ILogger logger)
{
    private readonly SaslSession _session = limits.Session;

    /// <summary>True when the client has been too slow.</summary>
    public bool IsOverdue => clock.IsOverdue;

    public EndPoint Client => client;

    /// <summary>Serves until the client ends the stream, breaks the protocol, or the stream is closed underneath.</summary>
    /// <param name="stream">Whatever carries the bytes, encrypted or not.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Stream stream, CancellationToken cancellationToken)
    {
        var sender = new ResponseSender(stream, clock);
        using var frames = new FrameReader(stream, limits, memory, clock);
        try
        {
            while (await frames.ReadAsync(cancellationToken).ConfigureAwait(false) is { } frame
                && await AnswerAsync(sender, frame, cancellationToken).ConfigureAwait(false))
            {
                frames.Release();
            }
        }
        catch (MalformedRequestException problem)
        {
            Log.MalformedRequest(logger, client, problem.Message);
        }
    }

    /// <summary>False if the client speaks what is not spoken here, or could not prove who it is.</summary>
    private async ValueTask<bool> AnswerAsync(ResponseSender sender, ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
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
            await SendAsync(sender, response, header, spec, cancellationToken).ConfigureAwait(false);
        }

        return !_session.HasFailed;
    }

    private ValueTask<IResponse?> Begin(ReadOnlyMemory<byte> frame, out RequestHeader header, out ApiSpec? spec, CancellationToken cancellationToken)
    {
        var reader = new WireReader(frame);
        header = RequestHeader.Read(ref reader, router.Find, out spec);
        if (!_session.IsOpen && header.Key is not (ApiKey.ApiVersions or ApiKey.SaslHandshake or ApiKey.SaslAuthenticate))
        {
            throw new MalformedRequestException($"A request of kind {(short)header.Key} comes before the client has proved who it is (SASL).");
        }

        if (spec is not null && spec.Supports(header.Version))
        {
            return router.HandleAsync(ref reader, new RequestContext(header, client.Address, broker, _session), cancellationToken);
        }

        var answer = router.AnswerUnsupported(header.Key);
        spec = answer is null ? null : spec;
        header = header with { Version = 0 };
        return ValueTask.FromResult(answer);
    }

    private static async ValueTask SendAsync(ResponseSender sender, IResponse response, RequestHeader header, ApiSpec spec, CancellationToken cancellationToken)
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
        await sender.SendAsync(writer, cancellationToken).ConfigureAwait(false);
    }
}
