using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Orchestration;

/// <summary>One port before several replicas: each new connection goes to the next replica that takes it.</summary>
internal sealed class EndpointProxy(string resource, int port, IReadOnlyList<int> targets, string setting = "in the AppHost") : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly HashSet<Task> _connections = [];
    private Task _accepting = Task.CompletedTask;
    private int _turn = -1;

    public string Resource => resource;

    /// <exception cref="DistributedApplicationException">The port is taken.</exception>
    public void Start()
    {
        try
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            _listener.Listen();
        }
        catch (SocketException exception)
        {
            throw new DistributedApplicationException(
                $"'{resource}' cannot listen on port {port}: {exception.Message}. It is taken by {PortHolder.Find(port) ?? "another program"}: stop that one, or give '{resource}' another port ({setting}).", exception);
        }

        _accepting = AcceptAsync(_ending.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        _ending.Dispose();
    }

    private async Task AcceptAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
                _connections.RemoveWhere(connection => connection.IsCompleted);
                _connections.Add(ServeAsync(client, cancellationToken));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // A client that went away before it was accepted, or the end.
            }
        }

        await Task.WhenAll(_connections).ConfigureAwait(false);
    }

    private async Task ServeAsync(Socket client, CancellationToken cancellationToken)
    {
        try
        {
            using (client)
            using (var target = await ConnectAsync(cancellationToken).ConfigureAwait(false))
            {
                if (target is not null)
                {
                    client.NoDelay = target.NoDelay = true;
                    await Task.WhenAll(PumpAsync(client, target, cancellationToken), PumpAsync(target, client, cancellationToken)).ConfigureAwait(false);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side was cut off; both sockets are closed.
        }
    }

    private async Task<Socket?> ConnectAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < targets.Count; attempt++)
        {
            var target = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                var turn = (uint)Interlocked.Increment(ref _turn) % (uint)targets.Count;
                await target.ConnectAsync(new IPEndPoint(IPAddress.Loopback, targets[(int)turn]), cancellationToken).ConfigureAwait(false);
                return target;
            }
            catch (SocketException)
            {
                target.Dispose();
            }
        }

        return null;
    }

    private static async Task PumpAsync(Socket from, Socket to, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            for (int read; (read = await from.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
            {
                for (var sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), cancellationToken).ConfigureAwait(false);
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut off: so is the other direction, or it would wait for ever.
            from.Close();
            to.Close();
        }
    }
}
