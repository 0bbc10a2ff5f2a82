using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Confluent.Kafka;

namespace Streaming.Tests.Oracle;

/// <summary>
/// The weather's topics as the oracle sees them: read with a JSON parser and rules of its own, not with the product's codecs, formulas and search, so that a
/// mistake there cannot hide itself.
/// </summary>
internal static class WeatherRecords
{
    private const long FutureBoundMs = 60_000;

    /// <summary>A raw reading as it should be published: station, time, hundredths of °C, tenths of hPa, hundredths of m/s. Null when it is filtered.</summary>
    /// <returns>Whether the record is a reading.</returns>
    public static bool TryRaw(ConsumeResult<byte[], byte[]> record, out string? published)
    {
        published = null;
        try
        {
            using var json = JsonDocument.Parse(record.Message.Value ?? []);
            var root = json.RootElement;
            var isUs = root.GetProperty("units").GetString() switch { "us" => true, "metric" => false, var other => throw new FormatException(other) };
            decimal Number(string name) => root.GetProperty(name).GetDecimal();
            var station = root.GetProperty("station").GetString()!;
            var celsius = Math.Round(isUs ? (Number("temperature") - 32) / 1.8m : Number("temperature"), 2);
            var hpa = Math.Round(isUs ? Number("pressure") * 33.86389m : Number("pressure"), 1);
            var ms = Math.Round(isUs ? Number("wind") * 0.44704m : Number("wind") * 1000 / 3600, 2);
            var isPossible = celsius is >= -90 and <= 60 && Number("humidity") is >= 0 and <= 100 && hpa is >= 850 and <= 1090 && ms is >= 0 and <= 115;
            published = isPossible ? Text(station, root.GetProperty("time").GetDateTimeOffset(), celsius, hpa, ms) : null;
            return record.Message.Key is { } key && Encoding.UTF8.GetString(key) == station;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    /// <summary>The same of a record that was published.</summary>
    public static string Processed(ConsumeResult<byte[], byte[]> record)
    {
        using var json = JsonDocument.Parse(record.Message.Value);
        var root = json.RootElement;
        return Text(
            root.GetProperty("station").GetString()!, root.GetProperty("time").GetDateTimeOffset(),
            root.GetProperty("temperature_c").GetDecimal(), root.GetProperty("pressure_hpa").GetDecimal(), root.GetProperty("wind_ms").GetDecimal());
    }

    /// <summary>A record that was published, as an event of its station or its city, with its temperature in hundredths of °C.</summary>
    public static NaiveEvent Reading(ConsumeResult<byte[], byte[]> record, string key)
    {
        using var json = JsonDocument.Parse(record.Message.Value);
        var root = json.RootElement;
        var time = root.GetProperty("time").GetDateTimeOffset().ToUnixTimeMilliseconds();
        return new NaiveEvent(
            record.Partition, record.Offset, root.GetProperty(key).GetString(), (long)(root.GetProperty("temperature_c").GetDecimal() * 100), time,
            time <= record.Message.Timestamp.UnixTimestampMs + FutureBoundMs ? NaiveVerdict.Event : NaiveVerdict.Rejected);
    }

    /// <summary>A message as an event of the city that it mentions first.</summary>
    /// <param name="names">A city's name by each of its names, without accents, in lower case.</param>
    public static NaiveEvent Message(ConsumeResult<byte[], byte[]> record, IReadOnlyDictionary<string, string> names)
    {
        try
        {
            using var json = JsonDocument.Parse(record.Message.Value ?? []);
            var text = WithoutAccents(json.RootElement.GetProperty("text").GetString()!);
            var time = json.RootElement.GetProperty("time").GetDateTimeOffset().ToUnixTimeMilliseconds();
            var first = Regex.Match(text, $@"\b({string.Join('|', names.Keys.OrderByDescending(name => name.Length).Select(Regex.Escape))})\b");
            return new NaiveEvent(record.Partition, record.Offset, first.Success ? names[first.Value] : null, 0, time, first.Success ? NaiveVerdict.Event : NaiveVerdict.Filtered);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return new NaiveEvent(record.Partition, record.Offset, null, 0, 0, NaiveVerdict.Rejected);
        }
    }

    /// <summary>Lower-case letters; those accents that the known cities' names carry are taken away.</summary>
    public static string WithoutAccents(string text) => text.ToLowerInvariant()
        .Replace('ü', 'u').Replace('è', 'e').Replace('é', 'e').Replace('í', 'i').Replace('ã', 'a').Replace("İ", "i", StringComparison.Ordinal).Replace("i\u0307", "i", StringComparison.Ordinal);

    private static string Text(string station, DateTimeOffset time, decimal celsius, decimal hpa, decimal ms) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{station} {time.ToUnixTimeMilliseconds()} {celsius:0.00} {hpa:0.0} {ms:0.00}");
}
