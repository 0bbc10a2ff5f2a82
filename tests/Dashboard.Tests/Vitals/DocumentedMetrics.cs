using System.Runtime.CompilerServices;
using Streaming.Dashboard.Feed;
using Streaming.Tests.Metrics;

namespace Streaming.Dashboard.Tests.Vitals;

public sealed class DocumentedMetrics
{
    [Fact]
    public void Every_instrument_is_documented_with_its_kind_and_unit_and_no_other_is()
    {
        RuntimeHelpers.RunClassConstructor(typeof(FeedTelemetry).TypeHandle);

        Assert.Equal(MetricsDocument.Listed(FeedTelemetry.Name), MetricsDocument.Registered(FeedTelemetry.Name));
    }
}
