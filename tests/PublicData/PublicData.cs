namespace Streaming.Tests;

/// <summary>Weather stations' records in the public domain, as <c>vega-datasets.sh</c> fetches them when the tests are built.</summary>
internal static class PublicData
{
    /// <summary>Seattle, each day of 2012 to 2015: date, precipitation, temp_max, temp_min, wind, weather.</summary>
    public static string SeattleWeather => Find("seattle-weather.csv");

    /// <summary>Seattle and New York, each day of 2012 to 2015: location, then the same.</summary>
    public static string Weather => Find("weather.csv");

    private static string Find(string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "public-data", name);
        Assert.True(File.Exists(path), $"{path} is missing: tests/PublicData/vega-datasets.sh fetches it when the tests are built (npm, network).");
        return path;
    }
}
