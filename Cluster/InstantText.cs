using System.Globalization;
using System.Text.RegularExpressions;

namespace Streaming.Cluster;

/// <summary>Instants as people write them for Kafka: on a command line, in a field of a page.</summary>
public static partial class InstantText
{
    /// <summary>What can be written.</summary>
    public const string Forms = "2026-01-31T10:00:00Z (UTC where no zone is given), 2026-01-31, milliseconds since 1970, now, or an age such as 90s, 15m, 2h, 7d";

    // A number of fewer digits is rather a mistake than an instant of January 1970.
    private const int FewestDigits = 9;

    /// <param name="text">One of <see cref="Forms"/>.</param>
    /// <param name="now">What ages are counted from.</param>
    /// <param name="instant">What was written.</param>
    /// <param name="problem">Otherwise, why it is no instant: a whole sentence.</param>
    public static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset instant, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        (instant, problem) = (default, "");
        try
        {
            if (Read(text.Trim(), now) is { } read)
            {
                instant = read;
                return true;
            }

            problem = $"'{text}' is no instant. Write {Forms}.";
        }
        catch (ArgumentOutOfRangeException)
        {
            problem = $"'{text}' is out of range.";
        }

        return false;
    }

    private static DateTimeOffset? Read(string text, DateTimeOffset now)
    {
        if (text == "now")
        {
            return now;
        }

        if (Age().Match(text) is { Success: true } age)
        {
            return now - Unit(age.Groups[2].Value) * long.Parse(age.Groups[1].Value, CultureInfo.InvariantCulture);
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && text.Length >= FewestDigits)
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant : null;
    }

    private static TimeSpan Unit(string unit) => unit switch
    {
        "s" => TimeSpan.FromSeconds(1),
        "m" => TimeSpan.FromMinutes(1),
        "h" => TimeSpan.FromHours(1),
        _ => TimeSpan.FromDays(1),
    };

    [GeneratedRegex(@"^-?(\d{1,7})([smhd])$")]
    private static partial Regex Age();
}
