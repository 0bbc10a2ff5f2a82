using System.Text.Json;

namespace Streaming.Contracts.Weather;

/// <summary>Takes fields out of a JSON object and remembers the first that is not acceptable. A field that is null is as good as missing.</summary>
internal sealed class WeatherFields(JsonElement json)
{
    private static readonly DateTimeOffset Latest = new(9999, 12, 31, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What is wrong with the fields that were taken; null while nothing is.</summary>
    public WeatherRejection? Rejection { get; private set; }

    /// <summary>A text of 1 to so many characters.</summary>
    public string Text(string field, int longest) => OptionalText(field, longest) ?? Missing(field, "");

    /// <summary>The same, or null when there is none.</summary>
    public string? OptionalText(string field, int longest)
    {
        if (Find(field) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return Reject(WeatherRejection.WrongType(field), "");
        }

        var text = value.GetString()!;
        return text.Length > 0 && text.Length <= longest && !text.Contains('\0', StringComparison.Ordinal) ? text : Reject(WeatherRejection.BadText(field, longest), "");
    }

    /// <summary>A number that <c>decimal</c> can hold.</summary>
    public decimal Number(string field) => OptionalNumber(field) ?? Missing(field, 0m);

    /// <summary>The same, or null when there is none.</summary>
    public decimal? OptionalNumber(string field) =>
        Find(field) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number
        : Reject(WeatherRejection.WrongType(field), 0m);

    /// <summary>A time of the years 1970 to 9999: ISO 8601, or milliseconds since 1970.</summary>
    public DateTimeOffset Time(string field)
    {
        if (Find(field) is not { } value)
        {
            return Missing(field, DateTimeOffset.UnixEpoch);
        }

        DateTimeOffset time = default;
        var isTime = value.ValueKind switch
        {
            JsonValueKind.String => TryIso(value, out time),
            JsonValueKind.Number => TryMilliseconds(value, out time),
            _ => false,
        };
        return isTime && time >= DateTimeOffset.UnixEpoch && time <= Latest ? time : Reject(WeatherRejection.BadTime, DateTimeOffset.UnixEpoch);
    }

    /// <summary>Says that the object is not acceptable, unless something before was not.</summary>
    public T Reject<T>(WeatherRejection rejection, T inItsPlace)
    {
        Rejection ??= rejection;
        return inItsPlace;
    }

    private T Missing<T>(string field, T inItsPlace) => Reject(WeatherRejection.Missing(field), inItsPlace);

    private static bool TryIso(JsonElement value, out DateTimeOffset time)
    {
        var isIso = value.TryGetDateTime(out var found);
        // Without an offset it is UTC, wherever this runs.
        time = new DateTimeOffset(found.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(found, DateTimeKind.Utc) : found.ToUniversalTime());
        return isIso;
    }

    private static bool TryMilliseconds(JsonElement value, out DateTimeOffset time)
    {
        time = default;
        if (!value.TryGetInt64(out var ms) || ms < 0 || ms > Latest.ToUnixTimeMilliseconds())
        {
            return false;
        }

        time = DateTimeOffset.FromUnixTimeMilliseconds(ms);
        return true;
    }

    private JsonElement? Find(string field) => json.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
