using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Streaming.Aggregator.Outbox;

/// <summary>Which pipelines' relays have stopped, and why, for the health check <c>relay</c>.</summary>
internal sealed class RelayStatus : IHealthCheck
{
    private readonly ConcurrentDictionary<string, string> _stopped = new();

    public void Stopped(string pipeline, string reason) => _stopped[pipeline] = reason;

    public void GoesOn(string pipeline) => _stopped.TryRemove(pipeline, out _);

    /// <summary>Why the pipeline's relay has stopped; null when it has not.</summary>
    public string? ReasonOf(string pipeline) => _stopped.GetValueOrDefault(pipeline);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        _stopped.IsEmpty
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded(string.Join("; ", _stopped.Select(stopped => $"the relay of {stopped.Key} has stopped: {stopped.Value}"))));
}
