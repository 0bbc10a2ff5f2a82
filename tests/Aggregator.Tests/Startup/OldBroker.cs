using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Streaming.Aggregator.Tests.Startup;

/// <summary>A broker from before transactions: it answers ApiVersions (version 0) and Metadata (version 1), and speaks nothing else.</summary>
internal sealed class OldBroker : IAsyncDisposable
{
    private const short ApiVersions = 18, Metadata = 3, UnsupportedVersion = 35;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public OldBroker()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string BootstrapServers => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        finally
        {
            await Task.WhenAll(connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var owned = client;
        var stream = client.GetStream();
        var size = new byte[4];
        while (true)
        {
            await stream.ReadExactlyAsync(size, _stop.Token);
            var request = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
            await stream.ReadExactlyAsync(request, _stop.Token);
            var (api, version) = (BinaryPrimitives.ReadInt16BigEndian(request), BinaryPrimitives.ReadInt16BigEndian(request.AsSpan(2)));
            var answer = api switch
            {
                ApiVersions => Apis(version == 0 ? (short)0 : UnsupportedVersion),
                Metadata => Nodes(),
                _ => throw new InvalidOperationException($"api {api}"),
            };
            byte[] response = [.. Number(4 + answer.Length), .. request[4..8], .. answer];
            await stream.WriteAsync(response, _stop.Token);
        }
    }

    private static byte[] Apis(short error) => [.. Short(error), .. Number(2), .. Api(ApiVersions, 0, 0), .. Api(Metadata, 0, 1)];

    /// <summary>Itself as the only broker and controller, and no topics.</summary>
    private byte[] Nodes() =>
        [.. Number(1), .. Number(1), .. Text("127.0.0.1"), .. Number(((IPEndPoint)_listener.LocalEndpoint).Port), .. Short(-1), .. Number(1), .. Number(0)];

    private static byte[] Api(short key, short least, short most) => [.. Short(key), .. Short(least), .. Short(most)];

    private static byte[] Text(string text) => [.. Short((short)text.Length), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Short(short value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteInt16BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
