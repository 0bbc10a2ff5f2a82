namespace Streaming.Contracts.Weather;

/// <summary>The units in which a station reports.</summary>
public enum WeatherUnits
{
    /// <summary>Temperature in °C, pressure in hPa, wind in km/h.</summary>
    Metric,

    /// <summary>Temperature in °F, pressure in inches of mercury (at 0 °C), wind in mph.</summary>
    Us,

    /// <summary>Temperature in °C, pressure in hPa, wind in m/s: nothing to convert.</summary>
    Si,
}

/// <summary>
/// What a station reports, in its own units, not yet checked for sense: a record of the topic <c>raw_weather</c>, keyed by station.
/// </summary>
/// <param name="Station">The station's id, also the record's key.</param>
/// <param name="City">The city that it stands in; the station's id when it does not say.</param>
/// <param name="Time">When it was measured, UTC: the event time.</param>
/// <param name="Units">Which units the numbers are in.</param>
/// <param name="Temperature">In °C or °F.</param>
/// <param name="Humidity">Relative humidity in percent; null when the station has no such sensor.</param>
/// <param name="Pressure">At sea level, in hPa or inHg; null likewise.</param>
/// <param name="Wind">Wind speed in km/h, mph or m/s; null likewise.</param>
public sealed record RawReading(
    string Station, string City, DateTimeOffset Time, WeatherUnits Units, decimal Temperature, decimal? Humidity, decimal? Pressure, decimal? Wind)
{
    /// <summary>The longest id of a station and name of a city, in characters.</summary>
    public const int MaxNameLength = 100;
}
