using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Streaming.Embedded.Kafka.Protocol;

namespace Streaming.Embedded.Kafka.Tests.Server;

/// <summary>A client that sends what it is told, byte by byte.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);
    private readonly TcpClient _tcp = new();

    private RawClient()
    {
    }

    public static async Task<RawClient> ConnectAsync(string servers)
    {
        var client = new RawClient();
        await client._tcp.ConnectAsync(IPEndPoint.Parse(servers));
        return client;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _tcp.GetStream().WriteAsync(bytes).AsTask().WaitAsync(Bound);

    public Task SendHexAsync(string hex) => SendAsync(Convert.FromHexString(hex));

    /// <summary>A request with header v1 (v2 if flexible).</summary>
    public async Task RequestAsync(ApiKey key, short version, int correlationId, Action<WireWriter>? body = null, bool flexible = false)
    {
        using var writer = new WireWriter();
        writer.WriteInt32(0);
        writer.WriteInt16((short)key);
        writer.WriteInt16(version);
        writer.WriteInt32(correlationId);
        writer.WriteNullableString("raw");
        writer.BeginBody(version, flexible);
        writer.WriteTaggedFields();
        body?.Invoke(writer);
        writer.PatchInt32(0, writer.TotalLength - 4);
        await SendAsync(writer.Written);
    }

    /// <summary>The next response's bytes after its size; null when the broker has closed the connection.</summary>
    public async Task<byte[]?> ReceiveAsync()
    {
        using var bound = new CancellationTokenSource(Bound);
        try
        {
            var size = new byte[4];
            await _tcp.GetStream().ReadExactlyAsync(size, bound.Token);
            var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
            await _tcp.GetStream().ReadExactlyAsync(frame, bound.Token);
            return frame;
        }
        catch (Exception error) when (error is EndOfStreamException or IOException)
        {
            return null;
        }
    }

    public async Task<bool> IsClosedAsync() => await ReceiveAsync() is null;

    public void Dispose() => _tcp.Dispose();
}
