using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Streaming.Embedded.Aspire.Tests.Dashboard;

public sealed class ExporterTests(DashboardApp dashboard) : IClassFixture<DashboardApp>
{
    private static readonly bool[] s_flags = [true, false];

    [Fact]
    public async Task What_OpenTelemetrys_own_exporter_sends_is_shown()
    {
        using var source = new ActivitySource("Dashboard.Tests");
        using var meter = new Meter("Dashboard.Tests");
        var resource = ResourceBuilder.CreateEmpty().AddService("exporting", serviceInstanceId: "abc");
        string trace;
        using (var traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(source.Name).AddOtlpExporter(Export("/v1/traces")).Build())
        using (var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(meter.Name).AddOtlpExporter((exporter, reader) => Export("/v1/metrics")(exporter)).Build())
        using (var logs = LoggerFactory.Create(logging => logging.AddOpenTelemetry(options =>
        {
            options.SetResourceBuilder(resource).AddOtlpExporter(Export("/v1/logs"));
            options.IncludeFormattedMessage = true;
        })))
        {
            using var activity = source.StartActivity("a span of its own", ActivityKind.Producer)!;
            trace = activity.TraceId.ToHexString();
            activity.SetTag("messaging.system", "kafka").SetTag("number", 42).SetTag("flags", s_flags).SetStatus(ActivityStatusCode.Error, "it broke");
            activity.AddException(new InvalidOperationException("of the exception"));
            meter.CreateCounter<long>("tests.counted", "{event}").Add(7, new KeyValuePair<string, object?>("topic", "sales"));
            meter.CreateHistogram<double>("tests.lasted", "s").Record(0.25);
#pragma warning disable CA1848, CA1873, CA2254 // One line of a test.
            logs.CreateLogger("Some.Category").LogWarning("{Count} events were late", 3);
#pragma warning restore CA1848, CA1873, CA2254
        }

        var page = await dashboard.PageAsync($"/traces/detail/{trace}");
        Assert.All(
            ["a span of its own", "exporting", "Producer", "<dt>messaging.system</dt><dd>kafka", "<dt>number</dt><dd>42", "[true, false]", "it broke", "of the exception"],
            shown => Assert.Contains(shown, page, StringComparison.Ordinal));

        Assert.Matches("tests.counted.*topic=sales.*>7 ", await dashboard.PageAsync("/metrics?text=counted"));
        Assert.Matches("tests.lasted.*>1 × <small>s</small>.*>0.25<", await dashboard.PageAsync("/metrics?text=lasted"));
        var log = await dashboard.PageAsync($"/structuredlogs?logLevel=Warning&traceId={trace}");
        Assert.Matches("Warning.*3 events were late.*Some.Category", log);
        Assert.Contains($"/traces/detail/{trace}", log, StringComparison.Ordinal);
    }

    private Action<OtlpExporterOptions> Export(string path) => options =>
    {
        options.Endpoint = new Uri($"{dashboard.Settings.OtlpUrl}{path}");
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Headers = $"x-otlp-api-key={dashboard.Settings.OtlpKey}";
    };
}
