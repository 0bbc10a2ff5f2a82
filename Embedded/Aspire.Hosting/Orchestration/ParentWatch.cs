using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Stops the application when the <c>dotnet run</c> that started it has been killed, which could not pass that on. Only where
/// it was started so, which the name of the launch profile in the environment tells; not on Windows.
/// </summary>
internal sealed partial class ParentWatch(IHostApplicationLifetime lifetime, OrchestrationOptions options, ILogger<ParentWatch> logger) : BackgroundService
{
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.IsRunByOthers || OperatingSystem.IsWindows() || Environment.GetEnvironmentVariable("DOTNET_LAUNCH_PROFILE") is null)
        {
            return;
        }

        var parent = SessionLauncher.ParentId();
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(s_tick, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (SessionLauncher.ParentId() != parent)
            {
                ParentHasEnded();
                lifetime.StopApplication();
                return;
            }
        }
    }

    [LoggerMessage(6006, LogLevel.Warning, "The dotnet run that started this has ended; stopping")]
    private partial void ParentHasEnded();
}
