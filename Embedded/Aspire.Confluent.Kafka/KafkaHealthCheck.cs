using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Confluent.Kafka;

/// <summary>
/// Healthy when a broker answers a metadata request within <see cref="Timeout"/>. The official package produces a record to a topic
/// <c>healthchecks-topic</c> instead; asking for metadata gives the same verdict and leaves no topic behind.
/// </summary>
internal sealed class KafkaHealthCheck : IHealthCheck, IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    // Held while the broker is asked: the client is not closed meanwhile, which would end the process.
    private readonly Lock _gate = new();
    private readonly Lazy<IAdminClient> _client;
    private bool _isClosed;

    public KafkaHealthCheck(ClientConfig config, ILogger logger)
    {
        // An administrative client refuses the .NET client's own properties of producers and consumers.
        var shared = config.Where(pair => !pair.Key.StartsWith("dotnet.", StringComparison.Ordinal));
        var own = new AdminClientConfig(shared.ToDictionary(pair => pair.Key, pair => pair.Value))
        {
            SocketTimeoutMs = (int)Timeout.TotalMilliseconds,
            StatisticsIntervalMs = 0,
        };

        // At Debug: the verdict is this client's message; its log would repeat what the application's own client says.
        _client = new(() => new AdminClientBuilder(own)
            .SetLogHandler((_, message) => KafkaClientLog.WriteDebug(logger, message.Message))
            .SetErrorHandler((_, error) => KafkaClientLog.WriteDebug(logger, error.Reason))
            .Build());
    }

    /// <summary>Registers the check once per <paramref name="name"/>; later registrations of the same name are passed over.</summary>
    public static void TryAdd(IHostApplicationBuilder builder, string name, ClientConfig config)
    {
        var key = $"Aspire.HealthChecks.{name}";
        if (!builder.Properties.TryAdd(key, true))
        {
            return;
        }

        builder.Services.TryAddKeyedSingleton(name, (services, _) => new KafkaHealthCheck(config, KafkaClientLog.Create(services)));
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            name, services => services.GetRequiredKeyedService<KafkaHealthCheck>(name), failureStatus: null, tags: null));
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // The client's call blocks; it is bounded by the timeout, so a pool thread is held for a second at most.
            await Task.Run(Ask, cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        }
        catch (KafkaException exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception.Error.Reason, exception);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            if (_client.IsValueCreated)
            {
                _client.Value.Dispose();
            }
        }
    }

    private void Ask()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                throw new KafkaException(new Error(ErrorCode.Local_Destroy, "The application is stopping."));
            }

            _client.Value.GetMetadata(Timeout);
        }
    }
}
