using System.Net;
using System.Net.Sockets;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.Orchestration;

namespace Streaming.Embedded.Aspire.Tests.Hosting.Parts;

public sealed class EndpointProxyTests
{
    [Fact]
    public async Task Connections_go_to_the_replicas_in_turn()
    {
        using var one = new Greeter("1");
        using var two = new Greeter("2");
        var port = FreePorts.Take();
        await using var proxy = new EndpointProxy("some", port, [one.Port, two.Port]);
        proxy.Start();

        string[] heard = [await HearAsync(port), await HearAsync(port), await HearAsync(port), await HearAsync(port)];

        Assert.Equal(["1", "2", "1", "2"], heard);
    }

    [Fact]
    public async Task A_replica_that_does_not_listen_is_passed_over()
    {
        using var one = new Greeter("1");
        var port = FreePorts.Take();
        await using var proxy = new EndpointProxy("some", port, [FreePorts.Take(), one.Port]);
        proxy.Start();

        Assert.Equal("1", await HearAsync(port));
        Assert.Equal("1", await HearAsync(port));
    }

    [Fact]
    public async Task Without_any_replica_the_connection_is_closed()
    {
        var port = FreePorts.Take();
        await using var proxy = new EndpointProxy("some", port, [FreePorts.Take()]);
        proxy.Start();

        Assert.Equal("", await HearAsync(port));
    }

    [Fact]
    public async Task A_taken_port_is_named_with_the_resource()
    {
        using var other = new Greeter("");
        await using var proxy = new EndpointProxy("some", other.Port, [1]);

        var thrown = Assert.Throws<DistributedApplicationException>(proxy.Start);

        Assert.Contains($"'some' cannot listen on port {other.Port}", thrown.Message, StringComparison.Ordinal);
    }

    private static async Task<string> HearAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port).WaitAsync(SampleApp.Bound);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync().WaitAsync(SampleApp.Bound);
    }

    /// <summary>Says its word to whoever connects, and closes.</summary>
    private sealed class Greeter : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _greeting;

        public Greeter(string word)
        {
            _listener.Start();
            _greeting = GreetAsync(Encoding.ASCII.GetBytes(word));
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose()
        {
            _listener.Stop();
            Assert.True(_greeting.Wait(SampleApp.Bound));
        }

        private async Task GreetAsync(byte[] word)
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    await client.GetStream().WriteAsync(word);
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // The end.
            }
        }
    }
}
