using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Producer.Publishing;
using Streaming.Tests.Metrics;

namespace Streaming.Producer.Tests;

public sealed class DocumentedMetrics
{
    [Fact]
    public void Every_instrument_is_documented_with_its_kind_and_unit_and_no_other_is()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var deliveries = new Deliveries(services.GetRequiredService<IMeterFactory>(), TimeProvider.System, NullLogger<Deliveries>.Instance);

        Assert.Equal(MetricsDocument.Listed(Deliveries.MeterName), MetricsDocument.Registered(Deliveries.MeterName));
    }
}
