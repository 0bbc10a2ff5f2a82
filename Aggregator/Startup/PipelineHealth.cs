using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Streaming.Aggregator.Consuming;

namespace Streaming.Aggregator.Startup;

/// <summary>
/// The health check <c>consuming</c>: unhealthy while the Aggregator starts, degraded and why while something keeps events of a pipeline from becoming results.
/// </summary>
internal sealed class PipelineHealth : IHealthCheck
{
    private readonly ConcurrentDictionary<string, ConsumptionStatus> _pipelines = new();
    private readonly ConcurrentDictionary<string, string> _troubles = new();
    private volatile bool _isStarted;

    /// <summary>Every pipeline is under way.</summary>
    public void Started() => _isStarted = true;

    public ConsumptionStatus Of(string pipeline) => _pipelines.GetOrAdd(pipeline, _ => new ConsumptionStatus());

    /// <summary>Why a pipeline does not run here at all.</summary>
    public void DoesNotRun(string pipeline, string reason) => _troubles[pipeline] = reason;

    public void Runs(string pipeline) => _troubles.TryRemove(pipeline, out _);

    /// <summary>It no longer runs, as it was told to; why it does not is the supervisor's to say.</summary>
    public void Forget(string pipeline) => _pipelines.TryRemove(pipeline, out _);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!_isStarted)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy("starting: waiting for PostgreSQL or Kafka"));
        }

        var troubles = _pipelines
            .Select(pipeline => (pipeline.Key, pipeline.Value.Trouble)).Concat(_troubles.Select(trouble => (trouble.Key, (string?)trouble.Value)))
            .Where(trouble => trouble.Item2 is not null).OrderBy(trouble => trouble.Key, StringComparer.Ordinal)
            .Select(trouble => $"{trouble.Key}: {trouble.Item2}").ToList();
        return Task.FromResult(troubles.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join("; ", troubles)));
    }
}
