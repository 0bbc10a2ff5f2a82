using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.Dashboard.Otlp;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// Serves the dashboard and receives telemetry, in the AppHost's process, on loopback. Kestrel alone, without a host around it: it is up sooner,
/// and hears no signals of its own. It ends when the application is disposed of, after all resources.
/// </summary>
internal sealed partial class DashboardServer(DashboardSettings settings, SiteServices services, ILoggerFactory loggers, ILogger<DashboardServer> logger)
    : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private readonly Dictionary<EndPoint, Socket> _sockets = [];
    private readonly Commands _commands = new(services.Commands);
    private readonly OtlpReceiver _otlp = new(services.Telemetry, settings.OtlpKey);
    private Site? _site;
    private Task _starting = Task.CompletedTask;
    private KestrelServer? _server;
    private int _otlpPort;

    /// <summary>Takes the ports, at once, so that no one else gets them, and starts to serve in the background.</summary>
    /// <exception cref="DistributedApplicationException">A port is taken, or an address is not on loopback.</exception>
    public void Open()
    {
        Listen(DashboardSettings.UrlName, settings.Url);
        _otlpPort = Listen(DashboardSettings.OtlpUrlName, settings.OtlpUrl);
        _site = new Site(services, new Access(settings), _commands);
        _starting = Task.Run(ServeAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _starting.ConfigureAwait(false);
        await _commands.Ended.ConfigureAwait(false);
        if (_server is not null)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await _server.StopAsync(patience.Token).ConfigureAwait(false);
            _server.Dispose();
        }

        _sockets.Values.ToList().ForEach(socket => socket.Dispose());
        _otlp.Dispose();
        settings.Claims?.Dispose();
    }

    HttpContext IHttpApplication<HttpContext>.CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    void IHttpApplication<HttpContext>.DisposeContext(HttpContext context, Exception? exception)
    {
    }

    Task IHttpApplication<HttpContext>.ProcessRequestAsync(HttpContext context)
    {
        Access.Protect(context.Response.Headers);
        return !Access.IsLoopback(context.Request.Host.Host) ? Site.TellAsync(context, StatusCodes.Status400BadRequest, "The Host header must name this machine: localhost.")
            : context.Connection.LocalPort == _otlpPort ? _otlp.HandleAsync(context) : _site!.HandleAsync(context);
    }

    private int Listen(string setting, string url)
    {
        var port = DashboardSettings.Port(setting, url);
        foreach (var address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback }.Where(address => address == IPAddress.Loopback || Socket.OSSupportsIPv6))
        {
            var listener = new TcpListener(address, port);
            try
            {
                listener.Start(); // What connects before Kestrel accepts waits.
                _sockets[listener.LocalEndpoint] = listener.Server;
            }
            catch (SocketException exception)
            {
                if (address == IPAddress.Loopback /* IPv6 may be known and switched off */ || exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
                {
                    throw new DistributedApplicationException(
                        $"The dashboard cannot listen on port {port}: {exception.Message}. Stop the program that does (another AppHost?), or set {setting} to another port on "
                        + $"localhost, as AppHost/Properties/launchSettings.json does; --DcpPublisher:RandomizePorts=true takes free ports everywhere.", exception);
                }
            }
        }

        return port;
    }

    private async Task ServeAsync()
    {
        try
        {
            var transport = new SocketTransportOptions { CreateBoundListenSocket = endpoint => _sockets[endpoint] };
            var options = new KestrelServerOptions { AddServerHeader = false };
            (options.Limits.MaxConcurrentConnections, options.Limits.MaxRequestBodySize, options.Limits.RequestHeadersTimeout) = (200, OtlpReceiver.MaxBytes, TimeSpan.FromSeconds(10));
            _sockets.Keys.ToList().ForEach(endpoint => options.Listen((IPEndPoint)endpoint, listen => listen.Protocols = HttpProtocols.Http1));
            _server = new KestrelServer(Options.Create(options), new SocketTransportFactory(Options.Create(transport), loggers), loggers);
            await _server.StartAsync(this, CancellationToken.None).ConfigureAwait(false);
            LoginAt(settings.LoginUrl);
        }
        catch (Exception exception) when (exception is IOException or SocketException or InvalidOperationException)
        {
            CannotServe(exception);
            Environment.ExitCode = 1;
            services.Lifetime.StopApplication();
        }
    }

    [LoggerMessage(6020, LogLevel.Information, "Login to the dashboard at {Url}")]
    private partial void LoginAt(string url);

    [LoggerMessage(6021, LogLevel.Error, "The dashboard cannot be served; everything is stopped")]
    private partial void CannotServe(Exception exception);
}
