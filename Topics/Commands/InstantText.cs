using System.Globalization;
using System.Text.RegularExpressions;

namespace Streaming.Topics.Commands;

/// <summary>Instants as people write them on a command line.</summary>
internal static partial class InstantText
{
    public const string Forms = "2026-01-31T10:00:00Z (UTC where no zone is given), 2026-01-31, milliseconds since 1970, now, or an age such as 90s, 15m, 2h, 7d";

    /// <exception cref="UsageException">It is none of <see cref="Forms"/>.</exception>
    public static DateTimeOffset Parse(string option, string text, DateTimeOffset now)
    {
        try
        {
            return TryParse(text.Trim(), now) ?? throw new UsageException($"{option}: '{text}' is no instant. Write {Forms}.");
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new UsageException($"{option}: '{text}' is out of range.");
        }
    }

    private static DateTimeOffset? TryParse(string text, DateTimeOffset now)
    {
        if (text == "now")
        {
            return now;
        }

        if (Age().Match(text) is { Success: true } age)
        {
            return now - Unit(age.Groups[2].Value) * long.Parse(age.Groups[1].Value, CultureInfo.InvariantCulture);
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && text.Length > 8)
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
