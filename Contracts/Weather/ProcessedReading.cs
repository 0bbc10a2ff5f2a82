using System.Buffers;
using System.Text.Json;

namespace Streaming.Contracts.Weather;

/// <summary>A reading that makes physical sense, in one system of units: a record of the topic <c>processed_weather</c>.</summary>
/// <param name="Station">The station's id, also the record's key.</param>
/// <param name="City">The city that it stands in.</param>
/// <param name="Time">When it was measured, UTC: the event time.</param>
/// <param name="TemperatureC">In °C, with two decimals.</param>
/// <param name="HumidityPct">Relative humidity in percent, with one decimal; null when it was not measured.</param>
/// <param name="PressureHpa">At sea level, in hPa, with one decimal; null likewise.</param>
/// <param name="WindMs">In m/s, with two decimals; null likewise.</param>
public sealed record ProcessedReading(
    string Station, string City, DateTimeOffset Time, decimal TemperatureC, decimal? HumidityPct, decimal? PressureHpa, decimal? WindMs);

/// <summary>
/// <see cref="ProcessedReading"/> as JSON:
/// <c>{"station":"zurich-airport","city":"Zürich","time":"2026-01-01T00:00:00Z","temperature_c":-1.50,"humidity_pct":81.0,"pressure_hpa":1013.2,"wind_ms":3.47}</c>.
/// </summary>
public static class ProcessedReadingJson
{
    /// <summary>The reading's JSON as UTF-8 bytes.</summary>
    public static byte[] Encode(ProcessedReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        var buffer = new ArrayBufferWriter<byte>(192);
        using var json = new Utf8JsonWriter(buffer, WeatherJson.Writing);
        json.WriteStartObject();
        json.WriteString("station"u8, reading.Station);
        json.WriteString("city"u8, reading.City);
        json.WriteString("time"u8, reading.Time.UtcDateTime);
        json.WriteNumber("temperature_c"u8, reading.TemperatureC);
        WeatherJson.WriteOptional(json, "humidity_pct"u8, reading.HumidityPct);
        WeatherJson.WriteOptional(json, "pressure_hpa"u8, reading.PressureHpa);
        WeatherJson.WriteOptional(json, "wind_ms"u8, reading.WindMs);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a record's value.</summary>
    /// <returns>Why it is no reading; null when it is one.</returns>
    public static WeatherRejection? Decode(byte[]? value, out ProcessedReading? reading)
    {
        reading = WeatherJson.Read(value, Read, out var rejection);
        return rejection;
    }

    private static ProcessedReading Read(WeatherFields fields) => new(
        fields.Text("station", RawReading.MaxNameLength),
        fields.Text("city", RawReading.MaxNameLength),
        fields.Time("time"),
        fields.Number("temperature_c"),
        fields.OptionalNumber("humidity_pct"),
        fields.OptionalNumber("pressure_hpa"),
        fields.OptionalNumber("wind_ms"));
}
