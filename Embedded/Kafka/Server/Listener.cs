using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Security;

namespace Streaming.Embedded.Kafka.Server;

/// <summary>Accepts connections, up to a limit, and watches over them. Disposing it ends them all.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly BrokerOptions _options;
    private readonly RequestRouter _router;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RequestMemory _memory;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Socket, Open> _open = new();
    private readonly ITimer _watch;
    private readonly Task _accepting;

    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public Listener(BrokerOptions options, RequestRouter router, TimeProvider time, ILogger<Listener> logger)
    {
        (_options, _router, _time, _logger) = (options, router, time, logger);
        _memory = new RequestMemory(options.MaxQueuedRequestBytes);
        _socket = new Socket(options.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(options.Listen);
            _socket.Listen(512);
            EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        _watch = time.CreateTimer(static self => ((Listener)self!).CloseOverdue(), this, WatchInterval, WatchInterval);
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint { get; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        await _watch.DisposeAsync().ConfigureAwait(false);
        var open = _open.ToArray();
        foreach (var (socket, _) in open)
        {
            socket.Dispose();
        }

        await Task.WhenAll(open.Select(static o => o.Value.Running)).ConfigureAwait(false);
        _stopping.Dispose();
        Log.Stopped(_logger, EndPoint.ToString(), open.Length);
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Admit(await _socket.AcceptAsync(_stopping.Token).ConfigureAwait(false));
            }
            catch (Exception error) when (_stopping.IsCancellationRequested && error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException error)
            {
                // The client is gone already, or the process has no file handle left: others may still get in later.
                Log.AcceptFailed(_logger, error);
                await Task.Delay(RetryDelay, _time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private void Admit(Socket socket)
    {
        if (_open.Count >= _options.MaxConnections)
        {
            Log.TooManyConnections(_logger, socket.RemoteEndPoint, _options.MaxConnections);
            socket.Dispose();
            return;
        }

        socket.NoDelay = true;
        var client = (IPEndPoint)socket.RemoteEndPoint!;
        var clock = new ConnectionClock(_options.IdleTimeout, _options.StallTimeout, _time);
        var limits = new FrameLimits(_options.MaxRequestBytes, _options.MaxControlRequestBytes, new SaslSession(_options.SaslUsers));
        var connection = new Connection(client, DescribeBroker((IPEndPoint)socket.LocalEndPoint!), _router, limits, _memory, clock, _logger);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _open[socket] = new Open(connection, ServeAsync(socket, connection, clock, begun.Task));
        begun.SetResult();
    }

    private BrokerNode DescribeBroker(IPEndPoint local)
    {
        var address = local.Address.IsIPv4MappedToIPv6 ? local.Address.MapToIPv4() : local.Address;
        var told = _options.Advertise is { } advertise && HostAndPort.TryParse(advertise, out var given)
            ? given
            : HostAndPort.From(new IPEndPoint(address, local.Port));
        return new BrokerNode(_options.NodeId, told.Host, told.Port == 0 ? local.Port : told.Port);
    }

    /// <summary>Nothing that one connection brings may end the broker: whatever goes wrong ends the connection, and is told.</summary>
    private async Task ServeAsync(Socket socket, Connection connection, ConnectionClock clock, Task begun)
    {
        await begun.ConfigureAwait(false);
        Log.ConnectionOpened(_logger, connection.Client);
        try
        {
            var stream = await SecureAsync(new NetworkStream(socket, ownsSocket: true), clock).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                await connection.RunAsync(stream, _stopping.Token).ConfigureAwait(false);
            }
        }
        catch (AuthenticationException problem)
        {
            Log.HandshakeFailed(_logger, connection.Client, problem.Message);
        }
        catch (Exception error) when (IsDisconnection(error) || _stopping.IsCancellationRequested)
        {
            // The client went away, was cut off for being too slow, or the broker stops.
        }
        catch (Exception error)
        {
            Log.RequestFailed(_logger, connection.Client, error);
        }
        finally
        {
            socket.Dispose();
            _open.TryRemove(socket, out _);
            Log.ConnectionClosed(_logger, connection.Client);
        }
    }

    /// <summary>Encrypts the stream, where a certificate is configured.</summary>
    private async Task<Stream> SecureAsync(NetworkStream plain, ConnectionClock clock)
    {
        if (_options.Certificate is not { } certificate)
        {
            return plain;
        }

        clock.ExpectFrame(0);
        var tls = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            await tls.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificate = certificate, EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 }, _stopping.Token).ConfigureAwait(false);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // TLS tells an end in the middle of a handshake or a record without the socket's own error.
    private bool IsDisconnection(Exception error) => error is IOException { InnerException: SocketException } or ObjectDisposedException || (_options.Certificate is not null && error is IOException);

    private void CloseOverdue()
    {
        foreach (var (socket, open) in _open)
        {
            if (open.Connection.IsOverdue)
            {
                Log.ConnectionTimedOut(_logger, open.Connection.Client);
                socket.Dispose();
            }
        }
    }

    private sealed record Open(Connection Connection, Task Running);
}
