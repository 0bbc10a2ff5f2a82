using Streaming.Contracts.Weather;

namespace Streaming.Producer.Scenarios.Weather;

/// <summary>The weather at a station at a moment.</summary>
/// <param name="TemperatureC">°C.</param>
/// <param name="HumidityPct">Relative humidity, percent.</param>
/// <param name="PressureHpa">At sea level, hPa.</param>
/// <param name="WindMs">m/s.</param>
public readonly record struct Conditions(double TemperatureC, double HumidityPct, double PressureHpa, double WindMs);

/// <summary>
/// The simulated weather: season, time of day by the sun, and lows that come and go, in which the pressure falls, the wind rises and the air is damp and cool. A
/// pure function of the seed, the place and the time.
/// </summary>
public sealed class WeatherModel(int seed)
{
    /// <summary>How long a low takes to come or go.</summary>
    private static readonly TimeSpan Lows = TimeSpan.FromHours(16);

    private static readonly TimeSpan Squalls = TimeSpan.FromHours(3);

    private static readonly TimeSpan Breezes = TimeSpan.FromMinutes(40);

    /// <summary>How bad the weather is in a city: 0 is fair, 1 a storm.</summary>
    public double Badness(City city, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(city);
        var stream = Stream(city);
        var low = (0.75 * SmoothNoise.At(seed, stream, at, Lows)) + (0.25 * SmoothNoise.At(seed, stream + 1, at, Squalls));
        // Most of the time it is fair.
        return Math.Clamp((low - 0.4) / 0.45, 0, 1);
    }

    /// <summary>What instruments without faults would measure.</summary>
    public Conditions At(WeatherStation station, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(station);
        var (city, climate) = (station.City, station.Climate);
        var badness = Badness(city, at);
        var day = Afternoon(city, at);
        var breeze = SmoothNoise.At(seed, Stream(city) + 2, at, Breezes);
        // Clouds take away half of the day's course.
        var temperature = climate.MeanC + station.OffsetC + (climate.SeasonC * Season(at)) + (climate.DayC * day * (1 - (0.5 * badness))) - (4 * badness) + (2 * breeze) - 1;
        var humidity = 62 + (30 * badness) - (14 * day) + (6 * breeze);
        var pressure = 1019 - (38 * badness) + (4 * SmoothNoise.At(seed, Stream(city) + 3, at, Lows));
        var wind = 1.5 + (4 * breeze) + (26 * badness * badness * (0.7 + (0.3 * breeze)));
        return new Conditions(temperature, Math.Clamp(humidity, 5, 100), pressure, wind);
    }

    /// <summary>1 in the middle of the northern summer, −1 in that of the winter, about 20 days after the solstices.</summary>
    private static double Season(DateTimeOffset at) => Math.Cos(2 * Math.PI * (at.UtcDateTime.DayOfYear - 192) / 365.25);

    /// <summary>1 at three in the afternoon by the sun, −1 at three in the night.</summary>
    private static double Afternoon(City city, DateTimeOffset at) => Math.Cos(2 * Math.PI * (at.UtcDateTime.TimeOfDay.TotalHours + (city.Longitude / 15) - 15) / 24);

    /// <summary>Four curves for each city.</summary>
    private static int Stream(City city) => 4 * Index[city.Name];

    private static readonly Dictionary<string, int> Index = Cities.All.Select((city, i) => (city.Name, i)).ToDictionary(city => city.Name, city => city.i);
}
