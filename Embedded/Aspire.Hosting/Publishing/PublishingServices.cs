using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Publishing;

/// <summary>Registers what publishes an application, in the place of what runs it.</summary>
internal static class PublishingServices
{
    public static void AddPublishing(this HostApplicationBuilder host, DistributedApplicationBuilder application, bool watched)
    {
        host.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        if (!watched)
        {
            host.Logging.ClearProviders().AddProvider(new TerminalLoggerProvider(TerminalOutput.OfProcess()));
        }

        host.Services.AddSingleton(_ => application.Resources)
            .AddSingleton<DistributedApplicationModel>()
            .AddSingleton(application.Eventing)
            .AddSingleton(application.ExecutionContext)
            .AddSingleton(_ => PublishRequest.From(host.Configuration))
            .AddHostedService<ManifestPublisher>();
    }
}
