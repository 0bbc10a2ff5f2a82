using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Streaming.Aggregator.Tests.Servers;

/// <summary>What lies between a client and its PostgreSQL: it passes connections on, until it is cut in the moment in which a statement is given up.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _ends = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly Task _accepting;
    private volatile bool _isToBeCut;

    public Wire(string connectionString)
    {
        _server = new NpgsqlConnectionStringBuilder(connectionString);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Of the same database, through this.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.ConnectionString;

    /// <summary>The next connection, which is made to ask for a statement's cancellation, is answered by the end of all.</summary>
    public void CutAtTheNextConnection() => _isToBeCut = true;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        Cut();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> passing = [];
        try
        {
            while (!_ending.IsCancellationRequested)
            {
                var client = await _listener.AcceptTcpClientAsync(_ending.Token);
                _ends.Add(client);
                if (_isToBeCut)
                {
                    await ReadRequestAsync(client.GetStream());
                    break;
                }

                var server = new TcpClient();
                _ends.Add(server);
                await server.ConnectAsync(_server.Host!, _server.Port, _ending.Token);
                passing.AddRange([PassAsync(client.GetStream(), server.GetStream()), PassAsync(server.GetStream(), client.GetStream())]);
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The end.
        }

        Cut();
        await Task.WhenAll(passing);
    }

    /// <summary>Reads a request without an answer; encryption is asked for first, and refused (https://www.postgresql.org/docs/current/protocol-flow.html).</summary>
    private static async Task ReadRequestAsync(NetworkStream stream)
    {
        var length = new byte[4];
        int rest;
        do
        {
            await stream.ReadExactlyAsync(length);
            rest = BinaryPrimitives.ReadInt32BigEndian(length) - length.Length;
            await stream.ReadExactlyAsync(new byte[rest]);
            await stream.WriteAsync(rest == 4 ? "N"u8.ToArray() : []);
        }
        while (rest == 4);
    }

    private static async Task PassAsync(NetworkStream from, NetworkStream to)
    {
        try
        {
            await from.CopyToAsync(to);
            to.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // Cut, or one of both has gone.
        }
    }

    private void Cut()
    {
        _listener.Stop();
        foreach (var end in _ends)
        {
            end.Dispose();
        }
    }
}
