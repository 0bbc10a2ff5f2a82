using Streaming.Contracts.Weather;

namespace Streaming.Producer.Scenarios.Weather;

/// <summary>Turns the weather into what stations send of it: with noise, in their units, and now and then with a fault.</summary>
/// <param name="options">How often what goes wrong.</param>
/// <param name="model">The weather.</param>
/// <param name="uniform">Random numbers from 0 to 1.</param>
internal sealed class Instruments(WeatherOptions options, WeatherModel model, Func<double> uniform)
{
    private static readonly TimeSpan LateAtLeast = TimeSpan.FromMinutes(25);
    private static readonly TimeSpan LateAtMost = TimeSpan.FromHours(2);

    /// <summary>A good reading.</summary>
    public RawReading Read(WeatherStation station, DateTimeOffset at)
    {
        var weather = model.At(station, at);
        var temperature = station.Id == options.StuckStation ? station.Climate.MeanC : weather.TemperatureC + Noise(0.15);
        return station.Units == WeatherUnits.Us
            ? new RawReading(station.Id, station.City.Name, at, station.Units, Round((temperature * 1.8) + 32, 1), Humidity(weather), Round((weather.PressureHpa + Noise(0.2)) / 33.8639, 2), Wind(weather, 0.44704))
            : new RawReading(station.Id, station.City.Name, at, station.Units, Round(temperature, 1), Humidity(weather), Round(weather.PressureHpa + Noise(0.2), 1), Wind(weather, 1 / 3.6));
    }

    /// <summary>The value of a record that is sent at <paramref name="now"/>: mostly a good reading.</summary>
    public byte[] Report(WeatherStation station, DateTimeOffset now)
    {
        var drawn = uniform();
        var isBroken = drawn < options.BrokenShare;
        var isImpossible = !isBroken && drawn < options.BrokenShare + options.ImpossibleShare;
        var reading = Read(station, isBroken || isImpossible ? now : now - Delay(drawn - options.BrokenShare - options.ImpossibleShare));
        return isBroken ? FaultyReadings.Break(reading, Any(FaultyReadings.Broken))
            : RawReadingJson.Encode(isImpossible ? FaultyReadings.Distort(reading, Any(FaultyReadings.Impossible)) : reading);
    }

    /// <summary>The value of a message's record: now and then late, out of order, or none at all.</summary>
    public byte[] Disturb(Tweet tweet)
    {
        var drawn = uniform();
        return drawn < options.BrokenShare
            ? TweetJson.Encode(tweet)[..^4]
            : TweetJson.Encode(tweet with { Time = tweet.Time - Delay(drawn - options.BrokenShare) });
    }

    private TimeSpan Delay(double drawn) =>
        drawn < options.OutOfOrderShare ? uniform() * options.OutOfOrderness
        : drawn < options.OutOfOrderShare + options.LateShare ? LateAtLeast + (uniform() * (LateAtMost - LateAtLeast))
        : TimeSpan.Zero;

    private decimal Humidity(in Conditions weather) => Round(Math.Clamp(weather.HumidityPct + Noise(0.8), 0, 100), 0);

    private decimal Wind(in Conditions weather, double unit) => Round(Math.Max(0, weather.WindMs + Noise(0.4)) / unit, 1);

    private T Any<T>(IReadOnlyList<T> of) => of[(int)(uniform() * of.Count)];

    /// <summary>Box and Muller: two uniform numbers make a normal one.</summary>
    private double Noise(double sigma) => sigma * Math.Sqrt(-2 * Math.Log(1 - uniform())) * Math.Cos(2 * Math.PI * uniform());

    private static decimal Round(double value, int digits) => Math.Round((decimal)value, digits, MidpointRounding.ToEven);
}
