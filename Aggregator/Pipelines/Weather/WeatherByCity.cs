using Streaming.Contracts;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Pipelines.Weather;

/// <summary>
/// The weather of cities, from what <see cref="WeatherByStation"/> publishes. A city's stations may be in several partitions, so the windows are partial in each
/// and merged by whoever reads them.
/// </summary>
[Scenario(Scenarios.Weather)]
public sealed class WeatherByCity : IPipeline
{
    public const string Name = "weather-by-city";

    public static PipelineDefinition Define() => Pipeline.Named(Name, "Weather by city")
        .From(Topics.ProcessedWeather, WeatherEvents.Processed.Decode)
        .GroupBy("city", reading => reading.City)
        .Windows(
            WindowSpecs.Tumbling(TimeSpan.FromMinutes(10)), WindowSpecs.Tumbling(TimeSpan.FromMinutes(1)),
            WindowSpecs.Tumbling(TimeSpan.FromHours(1)), WindowSpecs.Tumbling(TimeSpan.FromDays(1)))
        .Keep("1d", TimeSpan.FromDays(20 * 366))
        .Waits(outOfOrderness: TimeSpan.FromSeconds(5), grace: TimeSpan.FromSeconds(15), futureBound: TimeSpan.FromMinutes(1))
        .Measures(m => m
            .OfDecimal("temperature", reading => reading.TemperatureC, 2, "°C").Mean().Min().Max()
            .OfDecimal("humidity", reading => reading.HumidityPct, 1, "%").Mean()
            .OfDecimal("pressure", reading => reading.PressureHpa, 1, "hPa").Mean()
            .OfDecimal("wind", reading => reading.WindMs, 2, "m/s").Mean().Max()
            .Count().Distinct("station", reading => reading.Station))
        .PutAside(Topics.WeatherCityLate, Topics.WeatherCityDeadLetter)
        .Define();
}
