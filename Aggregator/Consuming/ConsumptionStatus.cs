using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Streaming.Aggregator.Consuming;

/// <summary>How consuming goes, for the health check <c>consuming</c>. Written by the threads that know, read by whoever asks.</summary>
internal sealed class ConsumptionStatus : IHealthCheck
{
    private readonly ConcurrentDictionary<int, string> _stopped = new();
    private volatile string? _checkpointFailure;
    private volatile string? _pause;
    private volatile bool _isStarted;

    public void Started() => _isStarted = true;

    public void CheckpointFails(string reason) => _checkpointFailure = reason;

    public void CheckpointsGoThrough() => _checkpointFailure = null;

    public void Paused(string reason) => _pause = reason;

    public void Resumed() => _pause = null;

    public void PartitionStopped(int partition, string reason) => _stopped[partition] = reason;

    public void PartitionGoesOn(int partition) => _stopped.TryRemove(partition, out _);

    /// <summary>Partitions that stopped until an administrator decides.</summary>
    public int StoppedPartitions => _stopped.Count;

    public bool IsPaused => _pause is not null;

    /// <summary>Healthy once the start-up task is done; degraded while something keeps events from becoming results.</summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        !_isStarted ? HealthCheckResult.Unhealthy("starting: waiting for PostgreSQL or Kafka")
        : !_stopped.IsEmpty ? HealthCheckResult.Degraded(string.Join("; ", _stopped.Select(s => $"partition {s.Key}: {s.Value}")))
        : _checkpointFailure is { } failure ? HealthCheckResult.Degraded($"checkpoints fail: {failure}")
        : _pause is { } pause ? HealthCheckResult.Degraded($"paused: {pause}")
        : HealthCheckResult.Healthy());
}
