using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Streaming.Contracts.Weather;

/// <summary>
/// <see cref="RawReading"/> as JSON, under the key <c>zurich-airport</c>:
/// <c>{"station":"zurich-airport","city":"Zürich","time":"2026-01-01T00:00:00Z","units":"metric","temperature":-1.5,"humidity":81,"pressure":1013.2,"wind":12.5}</c>.
/// Needed are <c>station</c> (equal to the record's key), <c>time</c> (ISO 8601, a date alone is its midnight, no offset is UTC; or milliseconds since 1970) and
/// <c>temperature</c>. Without <c>units</c> (<c>metric</c>, <c>us</c>, <c>si</c>) they are metric; without <c>city</c> the station stands for it; <c>humidity</c>, <c>pressure</c> and <c>wind</c> may be
/// missing or null. Unknown fields are passed over; of a field that comes twice the last counts.
/// </summary>
public static class RawReadingJson
{
    /// <summary>The reading's JSON as UTF-8 bytes.</summary>
    public static byte[] Encode(RawReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        var buffer = new ArrayBufferWriter<byte>(192);
        using var json = new Utf8JsonWriter(buffer, WeatherJson.Writing);
        json.WriteStartObject();
        json.WriteString("station"u8, reading.Station);
        json.WriteString("city"u8, reading.City);
        json.WriteString("time"u8, reading.Time.UtcDateTime);
        json.WriteString("units"u8, reading.Units switch { WeatherUnits.Us => "us"u8, WeatherUnits.Si => "si"u8, _ => "metric"u8 });
        json.WriteNumber("temperature"u8, reading.Temperature);
        WeatherJson.WriteOptional(json, "humidity"u8, reading.Humidity);
        WeatherJson.WriteOptional(json, "pressure"u8, reading.Pressure);
        WeatherJson.WriteOptional(json, "wind"u8, reading.Wind);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a record.</summary>
    /// <param name="key">The record's key; null when it has none.</param>
    /// <param name="value">The record's value; null when it has none.</param>
    /// <param name="reading">The reading; null when it is none.</param>
    /// <returns>Why it is none; null when it is one.</returns>
    public static WeatherRejection? Decode(byte[]? key, byte[]? value, out RawReading? reading)
    {
        reading = WeatherJson.Read(value, fields => Read(fields, key), out var rejection);
        return rejection;
    }

    private static RawReading Read(WeatherFields fields, byte[]? key)
    {
        var station = fields.Text("station", RawReading.MaxNameLength);
        var reading = new RawReading(
            station,
            fields.OptionalText("city", RawReading.MaxNameLength) ?? station,
            fields.Time("time"),
            Units(fields),
            fields.Number("temperature"),
            fields.OptionalNumber("humidity"),
            fields.OptionalNumber("pressure"),
            fields.OptionalNumber("wind"));
        CheckKey(fields, key, station);
        return reading;
    }

    private static WeatherUnits Units(WeatherFields fields) => fields.OptionalText("units", RawReading.MaxNameLength) switch
    {
        null or "metric" => WeatherUnits.Metric,
        "us" => WeatherUnits.Us,
        "si" => WeatherUnits.Si,
        _ => fields.Reject(WeatherRejection.UnknownUnits, WeatherUnits.Metric),
    };

    private static void CheckKey(WeatherFields fields, byte[]? key, string station)
    {
        if (key is not { Length: > 0 })
        {
            fields.Reject(WeatherRejection.NoKey, station);
        }
        else if (!key.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(station)))
        {
            fields.Reject(WeatherRejection.KeyMismatch, station);
        }
    }
}
