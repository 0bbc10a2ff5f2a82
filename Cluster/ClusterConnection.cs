using Confluent.Kafka;
using Streaming.Contracts.Kafka;

namespace Streaming.Cluster;

/// <summary>
/// A connection to a cluster for those who look and administer. It connects with the first question; all members may be used from several threads.
/// </summary>
public sealed class ClusterConnection : IDisposable
{
    private static readonly TimeSpan ShortestReconnect = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestReconnect = TimeSpan.FromSeconds(2);

    private readonly AdminConnection _admin;
    private readonly Action<string> _log;
    private volatile Error? _lastError;

    /// <param name="settings">librdkafka's settings; bootstrap servers at least.</param>
    /// <param name="requestTimeout">How long one question may take.</param>
    /// <param name="log">Gets the client's own lines, which are for whoever debugs a connection.</param>
    public ClusterConnection(ClientConfig settings, TimeSpan requestTimeout, Action<string>? log = null)
    {
        LibrdkafkaVersion.Require();
        Settings = settings;
        RequestTimeout = requestTimeout;
        _log = log ?? (_ => { });
        _admin = new AdminConnection(Build);
    }

    /// <summary>How long one question may take.</summary>
    public TimeSpan RequestTimeout { get; }

    /// <summary>What the client was told; consumers and producers on the same cluster start from a copy of it.</summary>
    public ClientConfig Settings { get; }

    /// <summary>The servers that are asked first.</summary>
    public string Servers => Settings.BootstrapServers;

    /// <summary>Gets the client's own lines.</summary>
    internal Action<string> Log => _log;

    /// <summary>Asks, and turns a failure into words.</summary>
    /// <param name="what">What is asked, as the beginning of a sentence: <c>List the topics</c>.</param>
    /// <exception cref="ClusterException">The cluster cannot be reached or refuses.</exception>
    public async Task<T> AskAsync<T>(string what, Func<IAdminClient, Task<T>> question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        try
        {
            return await _admin.AskAsync((admin, _) => question(admin), cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException exception)
        {
            throw Failed(what, exception.Error, exception);
        }
    }

    /// <summary>Closes the connection once what was asked is answered, which takes no longer than a question may.</summary>
    public void Dispose() => _admin.Dispose();

    /// <summary>A failure in words. Behind a time-out stands the connection's last error, which says more: a refused password, an unknown host.</summary>
    internal ClusterException Failed(string what, Error error, Exception? inner = null)
    {
        if (ClusterErrors.Failure(error.Code) != ClusterFailure.Unreachable)
        {
            return ClusterErrors.Of(what, error, inner);
        }

        var last = _lastError is { } known ? $" ({known.Reason.Trim()})" : "";
        return new ClusterException(ClusterFailure.Unreachable, $"{what}: no answer from {Servers} within {RequestTimeout.TotalSeconds:0.#} s{last}", inner);
    }

    private IAdminClient Build()
    {
        var settings = new AdminClientConfig(Settings.ToDictionary(pair => pair.Key, pair => pair.Value))
        {
            ReconnectBackoffMs = Settings.ReconnectBackoffMs ?? (int)ShortestReconnect.TotalMilliseconds,
            ReconnectBackoffMaxMs = Settings.ReconnectBackoffMaxMs ?? (int)LongestReconnect.TotalMilliseconds,
        };
        try
        {
            return new AdminClientBuilder(settings)
                .SetErrorHandler((_, error) => Remember(error))
                .SetLogHandler((_, line) => _log(line.Message))
                .Build();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            throw SettingsRefused(exception);
        }
    }

    /// <summary>The client names the key that it cannot use; the value, which may be a secret, is left out.</summary>
    internal static ClusterException SettingsRefused(Exception exception) =>
        new(ClusterFailure.Invalid, $"The connection's settings cannot be used: {WithoutValues(exception.Message)}", exception);

    internal static string WithoutValues(string message) => System.Text.RegularExpressions.Regex.Replace(message, "value \"[^\"]*\"", "the value");

    private void Remember(Error error)
    {
        if (error.Code != ErrorCode.Local_AllBrokersDown)
        {
            _lastError = error;
        }

        _log(error.Reason);
    }
}
