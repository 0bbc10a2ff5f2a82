using Streaming.Contracts;
using Streaming.Contracts.Alerts;
using Streaming.Contracts.Windows;
using Streaming.Aggregator.Alerts;

namespace Streaming.Aggregator.Pipelines.Weather;

/// <summary>
/// Readings as stations send them: those that make physical sense are converted and published as <c>processed_weather</c>, which everything else about the weather
/// reads; here, windows per station. A station's readings are keyed by its id, so each window is whole.
/// </summary>
[Scenario(Scenarios.Weather)]
public sealed class WeatherByStation : IPipeline
{
    public const string Name = "weather-by-station";

    public static PipelineDefinition Define() => Pipeline.Named(Name, "Weather by station")
        .From(Topics.RawWeather, WeatherEvents.Raw)
        .Map(reading => SiUnits.Of(reading))
        .Where(reading => PhysicalRange.Holds(reading))
        .Through(Topics.ProcessedWeather, WeatherEvents.Processed)
        .KeyedByRecord("station")
        .Windows(
            WindowSpecs.Tumbling(TimeSpan.FromMinutes(10)), WindowSpecs.Tumbling(TimeSpan.FromHours(1)), WindowSpecs.Tumbling(TimeSpan.FromDays(1)))
        .Keep("1d", TimeSpan.FromDays(20 * 366))
        .Waits(outOfOrderness: TimeSpan.FromSeconds(5), grace: TimeSpan.FromSeconds(15), futureBound: TimeSpan.FromMinutes(1))
        .Measures(m => m.Count()
            .OfDecimal("temperature", reading => reading.TemperatureC, 2, "°C").Last().Mean().Min().Max().Variance()
            .OfDecimal("humidity", reading => reading.HumidityPct, 1, "%").Last().Mean()
            .OfDecimal("pressure", reading => reading.PressureHpa, 1, "hPa").Last().Mean().Min()
            .OfDecimal("wind", reading => reading.WindMs, 2, "m/s").Last().Mean().Max())
        .PutAside(Topics.WeatherLate, Topics.WeatherDeadLetter)
        .Alert(AlertRules.When("storm", "wind_max").In("10m").Above(24.5m).ClearBelow(20.8m).Severity(AlertSeverity.Critical)
            .Message("Storm at {key}: gusts of {value} m/s"))
        .Alert(AlertRules.When("heat", "temperature_mean").In("1h").Above(35).ClearBelow(33)
            .Message("Heat at {key}: {value} °C on average over an hour"))
        .Alert(AlertRules.When("silent-station").In("10m").NoEvents()
            .Message("{key} has reported nothing that makes sense for ten minutes"))
        .Alert(AlertRules.When("stuck-thermometer", "temperature_variance").In("1h").Below(0.0001m).For(TimeSpan.FromHours(2))
            .Message("The thermometer of {key} has not moved for two hours"))
        .Define();
}
