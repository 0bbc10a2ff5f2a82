using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Streaming.Embedded.Aspire.Tests.Clients;

/// <summary>Host builders with nothing in their configuration but what a test names.</summary>
internal static class ClientHost
{
    public static HostApplicationBuilder Builder(params (string Key, string Value)[] configuration)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Development });
        builder.Configuration.AddInMemoryCollection(configuration.Select(pair => KeyValuePair.Create<string, string?>(pair.Key, pair.Value)));
        builder.Services.AddLogging();
        return builder;
    }

    /// <summary>Whether the tracer provider that the services describe listens to the source of this name.</summary>
    public static bool Traces(HostApplicationBuilder builder, string sourceName)
    {
        new Telemetry(builder.Services).WithTracing();
        using var host = builder.Build();
        using var provider = host.Services.GetRequiredService<TracerProvider>();
        using var source = new ActivitySource(sourceName);
        using var span = source.StartActivity("any");
        return span is not null;
    }

    private sealed record Telemetry(IServiceCollection Services) : IOpenTelemetryBuilder;
}
