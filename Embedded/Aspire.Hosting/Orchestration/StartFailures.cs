using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Says what failed and why. When the application is run by its own program, the first resource that fails to start with it ends it
/// with exit code 1; under a test, and after a command, it becomes the resource's state only.
/// </summary>
internal sealed partial class StartFailures(
    ResourceLoggerService logs, IHostApplicationLifetime lifetime, OrchestrationOptions options, ILogger<StartFailures> logger)
{
    private const int ShownLines = 20;
    private int _reported;
    private (string Resource, string Reason, IReadOnlyList<string> Lines)? _summary;

    /// <summary>
    /// A replica did not start. Where that ends the application, what fails after the first does so because of it, and is not told again; else each attempt is told.
    /// </summary>
    /// <param name="replica">Which.</param>
    /// <param name="start">Why it was to start.</param>
    /// <param name="reason">Why it did not.</param>
    /// <param name="unexpected">What was thrown, where the reason alone does not say where to look.</param>
    public void Report(Replica replica, StartReason start, string reason, Exception? unexpected = null)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return;
        }

        if (options.IsRunByOthers || start == StartReason.Command)
        {
            FailedToStart(replica.Resource.Name, reason, unexpected);
            return;
        }

        if (Interlocked.Exchange(ref _reported, 1) != 0)
        {
            return;
        }

        FailedToStartAndEnds(replica.Resource.Name, reason, unexpected);
        _summary = (replica.Resource.Name, reason, [.. logs.LastLines(replica.Id, ShownLines).Select(line => line.Content)]);
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }

    /// <summary>Tells the failure once more when everything has stopped, so that it is the last that is read.</summary>
    public void WriteSummary()
    {
        if (_summary is var (resource, reason, lines))
        {
            options.Output.WriteFailure(resource, reason, lines);
        }
    }

    /// <summary>A replica that had been healthy ended by itself.</summary>
    public void ReportEnd(Replica replica, int exitCode)
    {
        if (!lifetime.ApplicationStopping.IsCancellationRequested)
        {
            Ended(replica.Id, exitCode);
        }
    }

    [LoggerMessage(6001, LogLevel.Error, "'{Resource}' failed to start: {Reason}")]
    private partial void FailedToStart(string resource, string reason, Exception? unexpected);

    [LoggerMessage(6005, LogLevel.Error, "'{Resource}' failed to start: {Reason} Everything is stopped.")]
    private partial void FailedToStartAndEnds(string resource, string reason, Exception? unexpected);

    [LoggerMessage(6002, LogLevel.Error, "'{Replica}' has ended with exit code {ExitCode}; it is not started again")]
    private partial void Ended(string replica, int exitCode);
}
