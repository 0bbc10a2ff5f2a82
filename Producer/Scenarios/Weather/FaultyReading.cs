using System.Text;
using Streaming.Contracts.Weather;

namespace Streaming.Producer.Scenarios.Weather;

/// <summary>The ways in which a record can be no reading at all, as they are seen in the field.</summary>
public enum BrokenReading
{
    /// <summary>JSON that breaks off.</summary>
    BrokenJson,

    /// <summary>No temperature.</summary>
    MissingField,

    /// <summary>A temperature of <c>NaN</c>, which is no JSON.</summary>
    NotANumber,

    /// <summary>A temperature in words.</summary>
    WrongType,

    /// <summary>Units that nobody has heard of.</summary>
    UnknownUnits,
}

/// <summary>The ways in which a reading can say what no instrument measures.</summary>
public enum ImpossibleReading
{
    /// <summary>The −999 that old loggers send in place of nothing.</summary>
    NoMeasurement,

    /// <summary>150 °C: a short circuit.</summary>
    TooHot,

    /// <summary>Air that is 130 % humid.</summary>
    TooHumid,

    /// <summary>A pressure as on a high mountain.</summary>
    TooLowPressure,

    /// <summary>Wind from below zero.</summary>
    NegativeWind,
}

/// <summary>Makes faulty records of good readings.</summary>
public static class FaultyReadings
{
    /// <summary>All ways to be no reading.</summary>
    public static IReadOnlyList<BrokenReading> Broken { get; } = Enum.GetValues<BrokenReading>();

    /// <summary>All ways to be impossible.</summary>
    public static IReadOnlyList<ImpossibleReading> Impossible { get; } = Enum.GetValues<ImpossibleReading>();

    /// <summary>The reading's bytes, broken.</summary>
    public static byte[] Break(RawReading reading, BrokenReading way)
    {
        var json = Encoding.UTF8.GetString(RawReadingJson.Encode(reading));
        var temperature = json[json.IndexOf("\"temperature\"", StringComparison.Ordinal)..].Split(',')[0];
        return Encoding.UTF8.GetBytes(way switch
        {
            BrokenReading.BrokenJson => json[..^7],
            BrokenReading.MissingField => json.Replace(temperature, "\"remark\":\"no thermometer\"", StringComparison.Ordinal),
            BrokenReading.NotANumber => json.Replace(temperature, "\"temperature\":NaN", StringComparison.Ordinal),
            BrokenReading.WrongType => json.Replace(temperature, "\"temperature\":\"mild\"", StringComparison.Ordinal),
            BrokenReading.UnknownUnits => json.Replace("\"units\":\"", "\"units\":\"old-", StringComparison.Ordinal),
            _ => throw new ArgumentOutOfRangeException(nameof(way), way, "not a way to break a reading"),
        });
    }

    /// <summary>The reading with a number that cannot be.</summary>
    public static RawReading Distort(RawReading reading, ImpossibleReading way) => way switch
    {
        ImpossibleReading.NoMeasurement => reading with { Temperature = -999 },
        ImpossibleReading.TooHot => reading with { Temperature = reading.Units == WeatherUnits.Us ? 302 : 150 },
        ImpossibleReading.TooHumid => reading with { Humidity = 130 },
        ImpossibleReading.TooLowPressure => reading with { Pressure = reading.Units == WeatherUnits.Us ? 9.5m : 320 },
        ImpossibleReading.NegativeWind => reading with { Wind = -5 },
        _ => throw new ArgumentOutOfRangeException(nameof(way), way, "not a way to distort a reading"),
    };
}
