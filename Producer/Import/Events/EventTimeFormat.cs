using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Streaming.Contracts.Formats;

namespace Streaming.Producer.Import.Events;

/// <summary>
/// Reads event times. A time without an offset is one of the time zone; where the clock is put back, an hour comes twice and the second one (standard time) is meant; where
/// it is put forward, the hour that does not exist is refused.
/// </summary>
public sealed class EventTimeFormat
{
    private static readonly string[] IsoLocal = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF"];
    private static readonly string[] IsoOffset = [.. IsoLocal.Skip(1).SelectMany(local => new[] { local + "zzz", local + "'Z'" })];

    private readonly Func<string, DateTimeOffset?> _read;

    private EventTimeFormat(string name, Func<string, DateTimeOffset?> read) => (Name, _read) = (name, read);

    /// <summary>What is expected, for messages.</summary>
    public string Name { get; }

    /// <summary>ISO 8601: a date, or date and time to the tick, with or without an offset; a blank may stand for the T.</summary>
    public static EventTimeFormat Iso(TimeZoneInfo zone) => new("an ISO 8601 time", text => ReadIso(text, zone));

    /// <summary>A number since 1970-01-01 UTC, of which <paramref name="perSecond"/> make a second.</summary>
    public static EventTimeFormat Epoch(string name, int perSecond) => new(name, text => ReadEpoch(text, perSecond));

    /// <summary>A format by name: <c>iso</c>, <c>s</c>, <c>ms</c>, <c>us</c>; anything else is a custom format of .NET.</summary>
    /// <param name="name">The name.</param>
    /// <param name="zone">The zone of times without an offset.</param>
    /// <param name="format">The format, when the answer is true.</param>
    /// <param name="problem">Why the name is no format, when the answer is false.</param>
    public static bool TryGet(string name, TimeZoneInfo zone, [NotNullWhen(true)] out EventTimeFormat? format, [NotNullWhen(false)] out string? problem)
    {
        (format, problem) = (null, null);
        switch (name)
        {
            case "iso":
                format = Iso(zone);
                break;
            case "s":
                format = Epoch("seconds since 1970", 1);
                break;
            case "ms":
                format = Epoch("milliseconds since 1970", 1000);
                break;
            case "us":
                format = Epoch("microseconds since 1970", 1_000_000);
                break;
            default:
                format = Custom(name, zone);
                problem = format is null ? $"'{name}' is none of iso, s, ms, us, and no date that .NET could write and read again, such as 'dd.MM.yyyy HH:mm:ss'" : null;
                break;
        }

        return format is not null;
    }

    /// <summary>Reads a time.</summary>
    /// <param name="text">The field's text or digits.</param>
    /// <param name="time">The time, when the answer is true.</param>
    /// <param name="problem">Why it is no time, when the answer is false.</param>
    public bool TryRead(string text, out DateTimeOffset time, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        var read = _read(text.Trim());
        (time, problem) = read is { } instant ? (instant.ToUniversalTime(), (string?)null) : (default, $"{Shown.Text(text)} is not {Name}");
        return read is not null;
    }

    private static DateTimeOffset? ReadIso(string text, TimeZoneInfo zone)
    {
        var withT = text.Length > 10 && text[10] is ' ' or 't' ? string.Concat(text.AsSpan(0, 10), "T", text.AsSpan(11)) : text;
        withT = withT.EndsWith('z') ? withT[..^1] + 'Z' : withT;
        return DateTimeOffset.TryParseExact(withT, IsoOffset, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant
            : DateTime.TryParseExact(withT, IsoLocal, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) ? InZone(local, zone)
            : null;
    }

    private static DateTimeOffset? ReadEpoch(string text, int perSecond)
    {
        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!decimal.TryParse(text, Styles, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        var seconds = number / perSecond;
        return seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : null;
    }

    private static EventTimeFormat? Custom(string pattern, TimeZoneInfo zone)
    {
        // A pattern of one letter is a standard format of .NET: its meaning is not in what was written.
        if (pattern.Length < 2 || !ReadsWhatItWrites(pattern))
        {
            return null;
        }

        var hasOffset = HasOffset(pattern);
        return new EventTimeFormat($"a time such as '{pattern}'", text =>
            hasOffset
                ? DateTimeOffset.TryParseExact(text, pattern, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null
                : DateTime.TryParseExact(text, pattern, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) ? InZone(local, zone) : null);
    }

    private static bool ReadsWhatItWrites(string pattern)
    {
        try
        {
            // A time without year or day would be one of today.
            var sample = new DateTimeOffset(2001, 2, 3, 4, 5, 6, TimeSpan.Zero);
            var written = sample.ToString(pattern, CultureInfo.InvariantCulture);
            return DateTimeOffset.TryParseExact(written, pattern, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read)
                && read.UtcDateTime.Date == sample.UtcDateTime.Date;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool HasOffset(string pattern)
    {
        var quote = '\0';
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\')
            {
                i++;
            }
            else if (quote != '\0' || c is '\'' or '"')
            {
                quote = quote == '\0' ? c : quote == c ? '\0' : quote;
            }
            else if (c is 'z' or 'K')
            {
                return true;
            }
        }

        return false;
    }

    private static DateTimeOffset? InZone(DateTime local, TimeZoneInfo zone)
    {
        try
        {
            return zone.IsInvalidTime(local) ? null : new DateTimeOffset(local, zone.GetUtcOffset(local));
        }
        catch (ArgumentOutOfRangeException)
        {
            // The first and the last hours of the calendar, moved out of it by the offset.
            return null;
        }
    }
}
