using Streaming.Aggregator.Pipelines.Weather;
using Streaming.Contracts.Weather;
using Xunit;

namespace Streaming.Aggregator.Tests.Weather;

/// <summary>The conversion and the filter of the stage, by example.</summary>
public sealed class SiUnitsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("32", "0.00")]
    [InlineData("212", "100.00")]
    [InlineData("-40", "-40.00")]
    [InlineData("41.5", "5.28")]
    [InlineData("0", "-17.78")]
    public void Fahrenheit_becomes_Celsius(string fahrenheit, string celsius) =>
        Assert.Equal(Number(celsius), SiUnits.Of(Us(Number(fahrenheit))).TemperatureC);

    [Fact]
    public void Inches_of_mercury_and_miles_per_hour_become_hectopascals_and_metres_per_second()
    {
        var reading = SiUnits.Of(Us(50) with { Pressure = 29.92m, Wind = 10, Humidity = 61.25m });

        Assert.Equal((1013.2m, 4.47m, 61.2m), (reading.PressureHpa, reading.WindMs, reading.HumidityPct));
    }

    [Fact]
    public void Kilometres_per_hour_become_metres_per_second_and_the_rest_stays()
    {
        var reading = SiUnits.Of(Metric(-1.5m) with { Pressure = 1013.25m, Wind = 36, Humidity = 80 });

        Assert.Equal((-1.5m, 1013.2m, 10m, 80m), (reading.TemperatureC, reading.PressureHpa, reading.WindMs, reading.HumidityPct));
    }

    [Fact]
    public void What_is_in_our_units_already_stays()
    {
        var reading = SiUnits.Of(Metric(-1.5m) with { Units = WeatherUnits.Si, Pressure = 1013.2m, Wind = 3.25m });

        Assert.Equal((-1.5m, 1013.2m, 3.25m), (reading.TemperatureC, reading.PressureHpa, reading.WindMs));
    }

    [Fact]
    public void What_was_not_measured_stays_so()
    {
        var reading = SiUnits.Of(Us(50));

        Assert.Null(reading.HumidityPct ?? reading.PressureHpa ?? reading.WindMs);
    }

    [Theory]
    [InlineData("79228162514264337593543950335")]
    [InlineData("-79228162514264337593543950335")]
    public void A_number_without_measure_does_not_overflow_and_is_in_no_range(string number)
    {
        Assert.False(PhysicalRange.Holds(SiUnits.Of(Us(Number(number)))));
        Assert.False(PhysicalRange.Holds(SiUnits.Of(Metric(5) with { Wind = Number(number) })));
    }

    [Theory]
    [InlineData("-90", true)]
    [InlineData("-90.01", false)]
    [InlineData("60", true)]
    [InlineData("60.01", false)]
    [InlineData("-999", false)]
    [InlineData("150", false)]
    public void A_temperature_is_possible_or_not(string celsius, bool holds) => Assert.Equal(holds, PhysicalRange.Holds(SiUnits.Of(Metric(Number(celsius)))));

    [Theory]
    [InlineData("0", null, null, true)]
    [InlineData("100", null, null, true)]
    [InlineData("130", null, null, false)]
    [InlineData("-1", null, null, false)]
    [InlineData(null, "850", null, true)]
    [InlineData(null, "849.9", null, false)]
    [InlineData(null, "1090.1", null, false)]
    [InlineData(null, null, "0", true)]
    [InlineData(null, null, "-0.1", false)]
    [InlineData(null, null, "415", false)]
    public void One_number_that_cannot_be_is_enough(string? humidity, string? pressure, string? wind, bool holds) =>
        Assert.Equal(holds, PhysicalRange.Holds(SiUnits.Of(Metric(5) with { Humidity = Optional(humidity), Pressure = Optional(pressure), Wind = Optional(wind) })));

    private static RawReading Us(decimal temperature) => new("jfk", "New York", Noon, WeatherUnits.Us, temperature, null, null, null);

    private static RawReading Metric(decimal temperature) => new("kew", "London", Noon, WeatherUnits.Metric, temperature, null, null, null);

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static decimal? Optional(string? text) => text is null ? null : Number(text);
}
