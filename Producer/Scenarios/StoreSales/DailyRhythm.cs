namespace Streaming.Producer.Scenarios.StoreSales;

/// <summary>How a store's sales are spread over its day: quiet nights, a peak at noon, a higher one after work.</summary>
public static class DailyRhythm
{
    /// <summary>Relative rate at each full hour, local time.</summary>
    private static readonly double[] Hours =
    [
        0.30, 0.20, 0.15, 0.15, 0.15, 0.20, 0.35, 0.60, 0.90, 1.10, 1.30, 1.60,
        1.90, 1.70, 1.40, 1.40, 1.60, 2.00, 2.20, 1.90, 1.50, 1.10, 0.75, 0.50,
    ];

    private static readonly double HourlyMean = Hours.Average();

    /// <summary>The rate at a time of day as a multiple of the day's mean, linear between full hours; its mean over a day is 1.</summary>
    public static double At(TimeSpan localTime)
    {
        var hour = (int)localTime.TotalHours;
        var intoHour = localTime.TotalHours - hour;
        var rate = (Hours[hour] * (1 - intoHour)) + (Hours[(hour + 1) % Hours.Length] * intoHour);
        return rate / HourlyMean;
    }
}
