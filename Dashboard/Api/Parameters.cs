using System.Globalization;

namespace Streaming.Dashboard.Api;

/// <summary>Reads parameters that several endpoints share.</summary>
internal static class Parameters
{
    /// <summary>Items of a page when nothing else is said.</summary>
    public const int DefaultLimit = 1000;

    /// <summary>Most items of a page.</summary>
    public const int MostLimit = 10_000;

    /// <summary>Most characters of a text that is looked for.</summary>
    private const int MostText = 1024;

    private static readonly TimeSpan DefaultRange = TimeSpan.FromHours(1);

    /// <exception cref="ApiException">It is no number from 1 to <see cref="MostLimit"/>.</exception>
    public static int Limit(string? text) =>
        text is null ? DefaultLimit
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MostLimit ? limit
        : throw ApiException.BadParameter("limit", text, $"1 to {MostLimit}");

    /// <summary>
    /// The range <c>[from, to)</c>: until now and an hour long where nothing is said; <c>last</c> in place of <c>from</c> says how long it is.
    /// </summary>
    /// <exception cref="ApiException">It is no range.</exception>
    public static (DateTimeOffset From, DateTimeOffset To) Range(string? from, string? to, string? last, DateTimeOffset now)
    {
        // One minute ahead: windows that are open now are in it.
        var end = to is null ? now.AddMinutes(1) : Instant("to", to);
        if (from is not null && last is not null)
        {
            throw ApiException.BadParameter("last", last, "'from' or 'last', not both");
        }

        var length = last is null ? DefaultRange : Durations.TryParse(last) ?? throw ApiException.BadParameter("last", last, "a duration such as 15m, 2h, 7d");
        var start = from is null ? (end - DateTimeOffset.MinValue > length ? end - length : DateTimeOffset.MinValue) : Instant("from", from);
        return start < end ? (start, end) : throw ApiException.BadParameter("from", from, "an instant before 'to'");
    }

    /// <exception cref="ApiException">There is none.</exception>
    public static string Required(string name, string? value, string what) =>
        value is { Length: > 0 and <= MostText } && !HasNull(value) ? value : throw ApiException.BadParameter(name, value, what);

    /// <summary>A text that is looked for in the database; null for any.</summary>
    /// <exception cref="ApiException">No text of the database can be equal to it.</exception>
    public static string? Text(string name, string? value) => value is null || (value.Length <= MostText && !HasNull(value))
        ? value
        : throw ApiException.BadParameter(name, value, $"at most {MostText} characters, and no NUL among them");

    // PostgreSQL's texts have none, and refuse a comparison with one.
    private static bool HasNull(string value) => value.Contains('\0', StringComparison.Ordinal);

    private static DateTimeOffset Instant(string name, string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) && instant.Year is >= 2 and <= 9997
            ? instant
            : throw ApiException.BadParameter(name, text, "an instant in ISO 8601, such as 2026-01-31T12:00:00Z");
}
