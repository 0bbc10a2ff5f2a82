using Streaming.Contracts.Weather;

namespace Streaming.Producer.Scenarios.Weather;

/// <summary>The climate of a city, in round figures.</summary>
/// <param name="MeanC">Mean temperature over the year, °C.</param>
/// <param name="SeasonC">How far the warmest month's mean is above it, °C.</param>
/// <param name="DayC">How far the afternoon is above the day's mean, °C.</param>
public sealed record Climate(double MeanC, double SeasonC, double DayC);

/// <summary>A simulated station.</summary>
/// <param name="Id">Its id.</param>
/// <param name="City">Where it stands.</param>
/// <param name="Climate">The climate there.</param>
/// <param name="OffsetC">By how much it is warmer than the city's mean: a shore, an airfield, a roof; °C.</param>
/// <param name="Units">What it reports in.</param>
public sealed record WeatherStation(string Id, City City, Climate Climate, double OffsetC, WeatherUnits Units);

/// <summary>The simulated stations.</summary>
public static class StationCatalogue
{
    private static readonly Dictionary<string, Climate> Climates = new()
    {
        ["Zürich"] = new(9.8, 9.5, 4.5),
        ["Geneva"] = new(11, 9.5, 4.5),
        ["London"] = new(11.5, 6.8, 3.5),
        ["Paris"] = new(12.5, 7.8, 4),
        ["Berlin"] = new(10.2, 9.6, 4.5),
        ["Madrid"] = new(15, 9.8, 6),
        ["Rome"] = new(16, 8.8, 5),
        ["Stockholm"] = new(7.5, 10, 3.5),
        ["Reykjavík"] = new(5, 5.5, 2),
        ["Istanbul"] = new(15, 9.5, 3.5),
        ["Cairo"] = new(22, 7.5, 6),
        ["Nairobi"] = new(19, 1.5, 5.5),
        ["Johannesburg"] = new(16, -5, 6),
        ["Dubai"] = new(28.5, 8, 5),
        ["Mumbai"] = new(27.5, 2.5, 3.5),
        ["Singapore"] = new(27.5, 0.7, 3),
        ["Tokyo"] = new(16, 10.5, 3.5),
        ["Sydney"] = new(18.5, -5.5, 4),
        ["New York"] = new(13, 12, 4),
        ["San Francisco"] = new(14.5, 3, 3.5),
        ["Seattle"] = new(11.5, 6.8, 4),
        ["Toronto"] = new(9.5, 13, 4.5),
        ["Mexico City"] = new(17, 2.5, 6),
        ["São Paulo"] = new(20, -3.2, 4.5),
    };

    /// <summary>All of them; the order is part of what a seed reproduces.</summary>
    public static IReadOnlyList<WeatherStation> All { get; } =
    [
        Station("zurich-airport", "Zürich", -0.6),
        Station("zurich-lake", "Zürich", 0.6),
        Station("geneva-cointrin", "Geneva", 0),
        Station("london-heathrow", "London", 0.2),
        Station("london-kew", "London", -0.2),
        Station("paris-montsouris", "Paris", 0.7),
        Station("paris-orly", "Paris", -0.4),
        Station("berlin-tempelhof", "Berlin", 0),
        Station("madrid-retiro", "Madrid", 0.3),
        Station("rome-ciampino", "Rome", -0.3),
        Station("stockholm-bromma", "Stockholm", 0),
        Station("reykjavik-harbour", "Reykjavík", 0),
        Station("istanbul-florya", "Istanbul", 0),
        Station("cairo-airport", "Cairo", 0.4),
        Station("nairobi-dagoretti", "Nairobi", 0),
        Station("johannesburg-airport", "Johannesburg", 0),
        Station("dubai-airport", "Dubai", 0.3),
        Station("mumbai-colaba", "Mumbai", 0),
        Station("singapore-changi", "Singapore", 0),
        Station("tokyo-kitanomaru", "Tokyo", 0.2),
        Station("tokyo-haneda", "Tokyo", 0.4),
        Station("sydney-observatory-hill", "Sydney", 0.3),
        Station("new-york-central-park", "New York", 0.5, WeatherUnits.Us),
        Station("new-york-jfk", "New York", -0.5, WeatherUnits.Us),
        Station("san-francisco-airport", "San Francisco", 0, WeatherUnits.Us),
        Station("seattle-tacoma", "Seattle", 0, WeatherUnits.Us),
        Station("toronto-pearson", "Toronto", -0.3),
        Station("toronto-island", "Toronto", 0.3),
        Station("mexico-city-tacubaya", "Mexico City", 0),
        Station("sao-paulo-santana", "São Paulo", 0),
    ];

    private static WeatherStation Station(string id, string city, double offset, WeatherUnits units = WeatherUnits.Metric) =>
        new(id, Cities.All.Single(known => known.Name == city), Climates[city], offset, units);
}
