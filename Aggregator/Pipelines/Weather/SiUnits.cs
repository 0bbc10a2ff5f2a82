using Streaming.Contracts.Weather;

namespace Streaming.Aggregator.Pipelines.Weather;

/// <summary>One system of units for all stations: °C, hPa, m/s. Decimal arithmetic, rounded half to even, so that everybody who repeats it gets the same digits.</summary>
public static class SiUnits
{
    /// <summary>hPa in an inch of mercury at 0 °C (NIST SP 811, appendix B.8).</summary>
    private const decimal HpaPerInHg = 33.86389m;

    /// <summary>m/s in a mile per hour: exact.</summary>
    private const decimal MsPerMph = 0.44704m;

    private const decimal KmhPerMs = 3.6m;

    /// <summary>Whatever the unit, such a number is in no physical range; to convert it could overflow.</summary>
    private const decimal Beyond = 1_000_000_000;

    /// <summary>The reading in these units.</summary>
    public static ProcessedReading Of(RawReading raw)
    {
        ArgumentNullException.ThrowIfNull(raw);
        var isUs = raw.Units == WeatherUnits.Us;
        return new ProcessedReading(
            raw.Station, raw.City, raw.Time,
            Convert(raw.Temperature, 2, t => isUs ? (t - 32) * 5 / 9 : t),
            Convert(raw.Humidity, 1, h => h),
            Convert(raw.Pressure, 1, p => isUs ? p * HpaPerInHg : p),
            Convert(raw.Wind, 2, w => raw.Units switch
            {
                WeatherUnits.Us => w * MsPerMph,
                WeatherUnits.Metric => w / KmhPerMs,
                _ => w,
            }));
    }

    private static decimal? Convert(decimal? value, int digits, Func<decimal, decimal> formula) => value is { } number ? Convert(number, digits, formula) : null;

    private static decimal Convert(decimal value, int digits, Func<decimal, decimal> formula) =>
        Math.Round(value is < -Beyond or > Beyond ? value : formula(value), digits, MidpointRounding.ToEven);
}
