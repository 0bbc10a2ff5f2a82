using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Streaming.Producer.Publishing;

/// <summary>Healthy while Kafka acknowledges what is sent.</summary>
public sealed class ProducingHealthCheck(Deliveries deliveries, TimeProvider time) : IHealthCheck
{
    /// <summary>Name of the check.</summary>
    public const string Name = "producing";

    /// <summary>How long nothing may be acknowledged although something is queued.</summary>
    public static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(15);

    /// <summary>How long a failed delivery is held against the service.</summary>
    public static readonly TimeSpan FailureMemory = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Judge());

    private HealthCheckResult Judge()
    {
        var now = time.GetUtcNow();
        return deliveries switch
        {
            { Fatal: { } fatal } => HealthCheckResult.Unhealthy($"The Kafka client has given up: {fatal.Reason}"),
            { LastFailure: { } failure } when now - failure < FailureMemory =>
                HealthCheckResult.Unhealthy($"{deliveries.Failed} events could not be delivered, the last at {failure:O}."),
            { Delivered: 0 } => HealthCheckResult.Unhealthy("Kafka has not acknowledged anything yet."),
            { InQueue: > 0 } when now - deliveries.WaitingSince > StallLimit =>
                HealthCheckResult.Unhealthy($"Kafka has acknowledged nothing since {deliveries.WaitingSince:O}; {deliveries.InQueue} events wait."),
            _ => HealthCheckResult.Healthy($"{deliveries.Delivered} events delivered."),
        };
    }
}
