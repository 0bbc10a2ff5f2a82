using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.Hosting;

/// <summary>Writes a log line when a health check's state has changed since it was last looked at; the first look is silent where all is well.</summary>
internal sealed partial class HealthLog(ILogger<HealthLog> logger) : IHealthCheckPublisher
{
    private readonly Dictionary<string, HealthStatus> _known = [];

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        foreach (var (name, entry) in report.Entries)
        {
            if (_known.GetValueOrDefault(name, HealthStatus.Healthy) != entry.Status)
            {
                Changed(logger, entry.Status == HealthStatus.Healthy ? LogLevel.Information : LogLevel.Warning, name, entry.Status, entry.Description ?? entry.Exception?.Message ?? "");
            }

            _known[name] = entry.Status;
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(EventId = 7001, Message = "Health check {Check} is {Status}. {Reason}")]
    private static partial void Changed(ILogger logger, LogLevel level, string check, HealthStatus status, string reason);
}
