namespace Streaming.Contracts.Weather;

/// <summary>A city that weather is reported of and messages are searched for.</summary>
/// <param name="Name">Its name; what windows per city are grouped by.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
/// <param name="OtherNames">What people call it as well; how letters are accented does not matter, in these and in the name.</param>
public sealed record City(string Name, string Country, double Latitude, double Longitude, params IReadOnlyList<string> OtherNames);

/// <summary>The cities that are known.</summary>
public static class Cities
{
    /// <summary>All of them; the order is part of what a seed reproduces.</summary>
    public static IReadOnlyList<City> All { get; } =
    [
        new("Zürich", "CH", 47.37, 8.54),
        new("Geneva", "CH", 46.20, 6.14, "Genève", "Genf"),
        new("London", "GB", 51.51, -0.13),
        new("Paris", "FR", 48.86, 2.35),
        new("Berlin", "DE", 52.52, 13.40),
        new("Madrid", "ES", 40.42, -3.70),
        new("Rome", "IT", 41.90, 12.50, "Roma"),
        new("Stockholm", "SE", 59.33, 18.07),
        new("Reykjavík", "IS", 64.15, -21.94),
        new("Istanbul", "TR", 41.01, 28.98, "İstanbul"),
        new("Cairo", "EG", 30.04, 31.24),
        new("Nairobi", "KE", -1.29, 36.82),
        new("Johannesburg", "ZA", -26.20, 28.05, "Joburg"),
        new("Dubai", "AE", 25.20, 55.27),
        new("Mumbai", "IN", 19.08, 72.88, "Bombay"),
        new("Singapore", "SG", 1.35, 103.82),
        new("Tokyo", "JP", 35.68, 139.69),
        new("Sydney", "AU", -33.87, 151.21),
        new("New York", "US", 40.71, -74.01, "NYC"),
        new("San Francisco", "US", 37.77, -122.42),
        new("Seattle", "US", 47.61, -122.33),
        new("Toronto", "CA", 43.65, -79.38),
        new("Mexico City", "MX", 19.43, -99.13, "Ciudad de México"),
        new("São Paulo", "BR", -23.55, -46.63),
    ];
}
