using Streaming.Aggregator.Telemetry;
using Streaming.Aggregator.Tests.Checkpoints;
using Streaming.Tests.Metrics;

namespace Streaming.Aggregator.Tests.Telemetry;

public sealed class DocumentedMetrics
{
    [Fact]
    public void Every_instrument_is_documented_with_its_kind_and_unit_and_no_other_is()
    {
        using var meters = new Meters();
        using var telemetry = new AggregatorTelemetry(meters);

        Assert.Equal(MetricsDocument.Listed(AggregatorTelemetry.Name), MetricsDocument.Registered(AggregatorTelemetry.Name));
    }
}
