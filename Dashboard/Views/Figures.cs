using System.Globalization;

namespace Streaming.Dashboard.Views;

/// <summary>Numbers and times as people read them: thousands with commas, true minus signs, no more digits than matter.</summary>
public static class Figures
{
    /// <summary>What stands where a number is not known.</summary>
    public const string Unknown = "–";

    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Count(long? value) => value is { } known ? Count(known) : Unknown;

    /// <summary>A rate: one decimal below a hundred.</summary>
    public static string Rate(double? value) => value is not { } rate
        ? Unknown
        : rate.ToString(rate < 99.95 ? "0.0" : "#,0", CultureInfo.InvariantCulture);

    /// <summary>An amount in whole units of a currency.</summary>
    public static string Amount(decimal value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>An average amount.</summary>
    public static string Mean(decimal? value) => value is { } mean ? mean.ToString("#,0.00", CultureInfo.InvariantCulture) : Unknown;

    /// <summary>A large amount in four characters or so: <c>1.24 M</c>.</summary>
    public static string Compact(decimal value) => value switch
    {
        >= 999_500_000 => (value / 1_000_000_000).ToString("0.##", CultureInfo.InvariantCulture) + " bn",
        >= 999_500 => (value / 1_000_000).ToString("0.##", CultureInfo.InvariantCulture) + " M",
        >= 100_000 => (value / 1_000).ToString("0", CultureInfo.InvariantCulture) + " k",
        _ => Amount(value),
    };

    /// <summary>A share of the whole, 0 to 1.</summary>
    public static string Percent(double value) => value is > 0 and < 0.001
        ? "< 0.1 %"
        : (value * 100).ToString(value < 0.0995 ? "0.0" : "0", CultureInfo.InvariantCulture) + " %";

    /// <summary>A change against an earlier value, with its sign.</summary>
    public static string Change(double value)
    {
        var percent = Math.Abs(value * 100);
        var digits = percent.ToString(percent < 9.95 ? "0.0" : "#,0", CultureInfo.InvariantCulture);
        return (value < 0 ? "−" : "+") + digits + " %";
    }

    /// <summary>How long ago or how long: <c>12 s</c>, <c>3 min 20 s</c>, <c>2 h 5 min</c>, <c>3 d 4 h</c>.</summary>
    public static string Age(TimeSpan? value)
    {
        if (value is not { } age)
        {
            return Unknown;
        }

        return age.TotalSeconds switch
        {
            < 0 => "0 s",
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalSeconds} s"),
            < 3600 => string.Create(CultureInfo.InvariantCulture, $"{age.Minutes} min {age.Seconds} s"),
            < 86400 => string.Create(CultureInfo.InvariantCulture, $"{age.Hours} h {age.Minutes} min"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalDays} d {age.Hours} h"),
        };
    }

    /// <summary>A length of time in words: <c>15 min</c>, <c>1 h</c>, <c>7 days</c>.</summary>
    public static string Span(TimeSpan value) => value switch
    {
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{value.TotalMinutes:0} min"),
        { TotalDays: >= 2 } when value.Ticks % TimeSpan.TicksPerDay == 0 => string.Create(CultureInfo.InvariantCulture, $"{value.TotalDays:0} days"),
        { Minutes: 0 } => string.Create(CultureInfo.InvariantCulture, $"{value.TotalHours:0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)value.TotalHours} h {value.Minutes} min"),
    };
}
