// The README shows this file; a test holds the two together.
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Pipelines;

public sealed record Reading(string Station, string Country, decimal Celsius, DateTimeOffset At);

public sealed class HeatByCountry : IPipeline
{
    public static PipelineDefinition Define() => Pipeline.Named("heat-by-country", "Heat by country")
        .From("readings", JsonEvents.Of<Reading>(reading => reading.At))
        .Where(reading => reading.Celsius > -90)
        .GroupBy("country", reading => reading.Country)
        .Windows(
            WindowSpecs.Tumbling(TimeSpan.FromMinutes(1)),
            WindowSpecs.Hopping(TimeSpan.FromHours(1), TimeSpan.FromMinutes(5)),
            WindowSpecs.Days("Europe/Zurich"))
        .Waits(outOfOrderness: TimeSpan.FromSeconds(30))
        .Measures(m => m.Count()
            .OfDecimal("celsius", reading => reading.Celsius, scale: 2, unit: "°C").Min().Max().Mean().P95()
            .Distinct("station", reading => reading.Station))
        .Define();
}
