using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>How an application is orchestrated.</summary>
/// <param name="IsRunByOthers">Whether a test runs it, and not its own program.</param>
/// <param name="RandomPorts">Whether fixed ports are ignored, so that several can run side by side.</param>
/// <param name="StopGrace">How long a process may take to stop after it was asked to.</param>
/// <param name="Output">The terminal.</param>
internal sealed record OrchestrationOptions(bool IsRunByOthers, bool RandomPorts, TimeSpan StopGrace, TerminalOutput Output);

/// <summary>Registers what runs an application.</summary>
internal static class OrchestrationServices
{
    private const int MaxStopGraceSeconds = 60;

    /// <summary>Longer than all graces after one another, so that no stop is cut short by the host.</summary>
    private static readonly TimeSpan s_shutdownTimeout = TimeSpan.FromMinutes(2);

    public static void AddOrchestration(this HostApplicationBuilder host, DistributedApplicationBuilder application, bool watched, bool logResources)
    {
        var services = host.Services;
        var output = TerminalOutput.OfProcess();
        services.AddSingleton(_ => new OrchestrationOptions(
            watched, host.Configuration.GetValue("DcpPublisher:RandomizePorts", false),
            StopGrace(host.Configuration), output));
        services.AddSingleton(_ => application.Resources)
            .AddSingleton<DistributedApplicationModel>()
            .AddSingleton(application.Eventing)
            .AddSingleton(application.ExecutionContext)
            .AddSingleton<ResourceNotificationService>()
            .AddSingleton<ResourceLoggerService>()
            .AddSingleton(provider => new ResourceCommandService(provider));
        services.Configure<ResourceNotificationServiceOptions>(options => options.DefaultWaitBehavior = WaitBehavior.StopOnResourceUnavailable);
        services.Configure<HostOptions>(options => options.ShutdownTimeout = s_shutdownTimeout);
        services.AddHealthChecks();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ResourceStates>().AddSingleton<ProcessDescription>().AddSingleton<StartFailures>().AddSingleton<HealthMonitor>()
            .AddSingleton<Dashboard.Secrets>().AddSingleton<StatusReport>().AddSingleton<RunnerServices>().AddSingleton<OrphanGuard>()
            .AddSingleton(provider => new DataFolders(application.AppHostDirectory, provider.GetRequiredService<OrphanGuard>()));
        AddLogging(host, output, watched, logResources);
        services.AddSingleton<Orchestrator>().AddHostedService(provider => provider.GetRequiredService<Orchestrator>());
        services.AddHostedService<ParentWatch>();
    }

    /// <exception cref="DistributedApplicationException">It is not a number of seconds that a stop can take.</exception>
    private static TimeSpan StopGrace(ConfigurationManager configuration) => configuration["AppHost:StopGraceSeconds"] switch
    {
        null or "" => TimeSpan.FromSeconds(20),
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= MaxStopGraceSeconds => TimeSpan.FromSeconds(seconds),
        var other => throw new DistributedApplicationException(
            $"AppHost:StopGraceSeconds is '{other}'; it is how many seconds a process may take to stop, a whole number from 0 to {MaxStopGraceSeconds}."),
    };

    private static void AddLogging(HostApplicationBuilder host, TerminalOutput output, bool watched, bool logResources)
    {
        host.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None); // What is not healthy stands in the table.
        if (!watched)
        {
            host.Logging.ClearProviders().AddProvider(new TerminalLoggerProvider(output));
        }

        if (!watched || logResources)
        {
            host.Services.AddHostedService<ResourceLogForwarder>();
        }
    }
}
