using System.Text;
using System.Text.Json;
using Confluent.Kafka;

namespace Streaming.Aggregator.Tests.Weather;

/// <summary>
/// The weather computed once more from what <c>raw_weather</c> holds, as naively as possible: a general JSON reader, plain formulas, no windows but divisions.
/// </summary>
internal static class WeatherOracle
{
    /// <summary>A reading that makes sense, in units of 0.01 °C.</summary>
    public readonly record struct Reading(string Station, string City, long TimeMs, long Temperature);

    public static (List<Reading> Good, int Filtered, int Rejected) Of(IEnumerable<ConsumeResult<byte[]?, byte[]?>> records)
    {
        var good = new List<Reading>();
        var (filtered, rejected) = (0, 0);
        foreach (var record in records)
        {
            try
            {
                using var json = JsonDocument.Parse(record.Message.Value);
                var fields = json.RootElement;
                var us = fields.GetProperty("units").GetString() switch { "us" => true, "metric" => false, _ => throw new FormatException() };
                var (t, h, p, w) = (Number("temperature"), Number("humidity"), Number("pressure"), Number("wind"));
                var (celsius, hpa, ms) = (us ? (t - 32) / 1.8m : t, us ? p * 33.86389m : p, us ? w * 0.44704m : w * 1000 / 3600);
                var station = fields.GetProperty("station").GetString()!;
                if (station != Encoding.UTF8.GetString(record.Message.Key!))
                {
                    throw new FormatException();
                }

                if (Math.Round(celsius, 2) is < -90 or > 60 || h is < 0 or > 100 || Math.Round(hpa, 1) is < 850 or > 1090 || Math.Round(ms, 2) is < 0 or > 115)
                {
                    filtered++;
                }
                else
                {
                    good.Add(new Reading(
                        station, fields.GetProperty("city").GetString()!, fields.GetProperty("time").GetDateTimeOffset().ToUnixTimeMilliseconds(), (long)(Math.Round(celsius, 2) * 100)));
                }

                decimal Number(string name) => fields.GetProperty(name).GetDecimal();
            }
            catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
            {
                rejected++;
            }
        }

        return (good, filtered, rejected);
    }

    /// <summary>Windows as text: key, start in units of the size, count, sum, smallest, largest.</summary>
    public static List<string> Windows(IEnumerable<Reading> readings, Func<Reading, string> key, TimeSpan size) =>
    [
        .. readings.GroupBy(reading => (Key: key(reading), Start: reading.TimeMs / (long)size.TotalMilliseconds))
            .Select(window => $"{window.Key.Key} {window.Key.Start} {window.Count()} {window.Sum(r => r.Temperature)} {window.Min(r => r.Temperature)} {window.Max(r => r.Temperature)}")
            .Order(StringComparer.Ordinal),
    ];
}
