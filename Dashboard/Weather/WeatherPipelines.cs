using System.Collections.Immutable;

namespace Streaming.Dashboard.Weather;

/// <summary>The pipelines whose windows the weather's page shows, and the kinds of windows that it offers.</summary>
public static class WeatherPipelines
{
    /// <summary>The weather of each city.</summary>
    public const string Cities = "weather-by-city";

    /// <summary>The weather at each station, with the alerts.</summary>
    public const string Stations = "weather-by-station";

    /// <summary>The messages about each city.</summary>
    public const string Messages = "tweets-by-city";

    /// <summary>The kind of windows of the table of stations.</summary>
    public const string StationWindow = "10m";

    /// <summary>The kinds of windows of the charts, by their name and in words; the second is the usual one.</summary>
    public static ImmutableArray<(string Name, string Words)> Resolutions { get; } = [("1m", "1 min"), ("10m", "10 min"), ("1h", "Hours"), ("1d", "Days")];

    /// <summary>The kind of windows of this name, or the usual one.</summary>
    public static string Resolution(string? name) => Resolutions.FirstOrDefault(r => r.Name == name).Name ?? Resolutions[1].Name;
}
