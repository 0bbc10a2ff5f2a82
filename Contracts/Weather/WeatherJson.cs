using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Streaming.Contracts.Weather;

/// <summary>What the JSON of readings and messages has in common.</summary>
internal static class WeatherJson
{
    /// <summary>Names of cities stand as they are, not as escapes: people read these topics.</summary>
    public static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>Reads an object; null with the reason when the value is none, or when the fields of it are not acceptable.</summary>
    public static T? Read<T>(byte[]? value, Func<WeatherFields, T?> read, out WeatherRejection? rejection)
        where T : class
    {
        rejection = WeatherRejection.NoValue;
        if (value is not { Length: > 0 })
        {
            return null;
        }

        rejection = WeatherRejection.Malformed;
        try
        {
            using var json = JsonDocument.Parse(value);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var fields = new WeatherFields(json.RootElement);
            var found = read(fields);
            rejection = fields.Rejection;
            return rejection is null ? found : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a text with half a surrogate pair, or with bytes that are not UTF-8.
            return null;
        }
    }

    public static void WriteOptional(Utf8JsonWriter json, ReadOnlySpan<byte> name, decimal? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }
}
