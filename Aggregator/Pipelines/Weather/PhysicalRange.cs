using Streaming.Contracts.Weather;

namespace Streaming.Aggregator.Pipelines.Weather;

/// <summary>
/// What weather there can be on Earth, a little wider than what was ever measured (WMO, World Weather and Climate Extremes Archive: −89.2 and 56.7 °C, 870 and
/// 1084.8 hPa at sea level, gusts of 113.2 m/s). A reading with one number outside says nothing worth keeping: its instrument is broken, or sends −999 in place of
/// nothing.
/// </summary>
public static class PhysicalRange
{
    /// <summary>Whether every number of the reading can be true.</summary>
    public static bool Holds(ProcessedReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        return reading.TemperatureC is >= -90 and <= 60
            && (reading.HumidityPct is null or (>= 0 and <= 100))
            && (reading.PressureHpa is null or (>= 850 and <= 1090))
            && (reading.WindMs is null or (>= 0 and <= 115));
    }
}
