using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Streaming.Embedded.Aspire.Tests.Hosting.Parts;

/// <summary>The request is compared byte by byte with Kafka's ApiVersions v0; the answers are scripted.</summary>
public sealed class KafkaHealthCheckTests
{
    private static readonly byte[] s_request = [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0x53, 0x74, 0xff, 0xff];

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 10, 0, 0, 0x53, 0x74, 0, 0, 0, 0, 0, 0 }, HealthStatus.Healthy)]
    [InlineData(new byte[] { 0, 0, 0, 10, 0, 0, 0x53, 0x74, 0, 35, 0, 0, 0, 0 }, HealthStatus.Unhealthy)] // UNSUPPORTED_VERSION
    [InlineData(new byte[] { 0, 0, 0, 10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0 }, HealthStatus.Unhealthy)] // another request's answer
    [InlineData(new byte[] { 0, 0, 0 }, HealthStatus.Unhealthy)] // cut off
    public async Task An_answer_without_an_error_is_health(byte[] answer, HealthStatus expected)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var check = CheckAsync(((IPEndPoint)listener.LocalEndpoint).Port);
        using (var client = await listener.AcceptTcpClientAsync())
        {
            var request = new byte[s_request.Length];
            await client.GetStream().ReadExactlyAsync(request);
            await client.GetStream().WriteAsync(answer);
            Assert.Equal(s_request, request);
        }

        Assert.Equal(expected, (await check.WaitAsync(SampleApp.Bound)).Status);
    }

    [Fact]
    public async Task No_listener_is_no_health()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync(port)).Status);
    }

    private static Task<HealthCheckResult> CheckAsync(int port)
    {
        var kafka = new KafkaServerResource("kafka");
        var endpoint = new EndpointAnnotation(ProtocolType.Tcp, name: "tcp");
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "127.0.0.1", port);
        kafka.Annotations.Add(endpoint);
        return new KafkaHealthCheck(kafka.PrimaryEndpoint).CheckHealthAsync(new HealthCheckContext());
    }
}
