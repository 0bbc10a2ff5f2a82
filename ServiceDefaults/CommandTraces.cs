using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

/// <summary>Traces of a command that runs without a host and ends by itself.</summary>
public static class CommandTraces
{
    private const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ServiceNameKey = "OTEL_SERVICE_NAME";

    /// <summary>
    /// Sends the command's spans over OTLP until it is disposed, which sends the last of them. Null when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is not set in the environment.
    /// </summary>
    /// <param name="name">The name of the service, unless <c>OTEL_SERVICE_NAME</c> gives another.</param>
    public static IDisposable? Start(string name)
    {
        if (string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(EndpointKey)))
        {
            return null;
        }

        var builder = Sdk.CreateTracerProviderBuilder().AddSource("Streaming.*").AddOtlpExporter();
        return string.IsNullOrEmpty(Environment.GetEnvironmentVariable(ServiceNameKey))
            ? builder.ConfigureResource(resource => resource.AddService(name)).Build()
            : builder.Build();
    }
}
