using System.Buffers.Binary;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Kafka;

/// <summary>
/// A broker is healthy when it answers an ApiVersions request (key 18, version 0, Kafka's ApiVersionsRequest.json) without an
/// error. Written by hand because the official package's check would need the native client here.
/// </summary>
internal sealed class KafkaHealthCheck(EndpointReference endpoint) : IHealthCheck
{
    private const int CorrelationId = 0x5374;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Size 10, then key 18, version 0, correlation id, no client id.</summary>
    private static readonly byte[] s_request = [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, CorrelationId >> 8, CorrelationId & 0xff, 0xff, 0xff];

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!endpoint.IsAllocated)
        {
            return HealthCheckResult.Unhealthy("It does not listen yet.");
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            return await AskAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return HealthCheckResult.Unhealthy($"{endpoint.Host}:{endpoint.Port}: {exception.Message}");
        }
    }

    private async Task<HealthCheckResult> AskAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(endpoint.Host, endpoint.Port, cancellationToken).ConfigureAwait(false);
        var stream = client.GetStream();
        await stream.WriteAsync(s_request, cancellationToken).ConfigureAwait(false);

        // Size, correlation id, error code; the list of versions that follows is not needed.
        var head = new byte[10];
        await stream.ReadExactlyAsync(head, cancellationToken).ConfigureAwait(false);
        var correlationId = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(4));
        var error = BinaryPrimitives.ReadInt16BigEndian(head.AsSpan(8));
        return correlationId == CorrelationId && error == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"{endpoint.Host}:{endpoint.Port} answered ApiVersions with error {error}.");
    }
}
