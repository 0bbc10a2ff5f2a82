using System.Globalization;

namespace Streaming.Dashboard.Api;

/// <summary>Durations as the API writes them: a whole number and a unit (<c>30s</c>, <c>5m</c>, <c>1h</c>, <c>7d</c>).</summary>
internal static class Durations
{
    /// <summary>Reads a duration of 1 ms to 3650 days; null when the text is none.</summary>
    public static TimeSpan? TryParse(string text)
    {
        var unit = text.EndsWith("ms", StringComparison.Ordinal) ? "ms" : text.Length > 0 ? text[^1..] : "";
        if (!long.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is 0 or > 3650L * 86_400_000)
        {
            return null;
        }

        var milliseconds = unit switch { "ms" => 1L, "s" => 1000, "m" => 60_000, "h" => 3_600_000, "d" => 86_400_000, _ => 0 };
        return milliseconds > 0 && number <= 3650L * 86_400_000 / milliseconds ? TimeSpan.FromMilliseconds(number * milliseconds) : null;
    }
}
