using System.Globalization;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Devices;

/// <summary>What the page of devices says, in words.</summary>
public static class DeviceTexts
{
    /// <summary>A temperature, °C, or a dash.</summary>
    public static string Degrees(double? value) => value is { } known ? known.ToString("0.0", CultureInfo.InvariantCulture).Replace('-', '−') : Figures.Unknown;

    /// <summary>A charge in percent, or a dash.</summary>
    public static string Percent(double? value) => value is { } known ? known.ToString("0", CultureInfo.InvariantCulture) + " %" : Figures.Unknown;

    /// <summary>A number of devices; an estimate beyond what is counted exactly.</summary>
    public static string Devices(double? value) => value is { } known ? Figures.Count((long)Math.Round(known)) : Figures.Unknown;

    /// <summary>A site's name; what has no site says so.</summary>
    public static string Site(string? site) => site is null ? "all sites" : site.Length == 0 ? "(no site)" : KeyText.Readable(site);

    /// <summary>What a slot is: <c>5 min</c>, <c>1 day</c>.</summary>
    public static string Slot(Window window)
    {
        var length = window.End - window.Start;
        return length.TotalDays >= 1 && length.Ticks % TimeSpan.TicksPerDay == 0
            ? length.TotalDays is 1 ? "1 day" : string.Create(CultureInfo.InvariantCulture, $"{length.TotalDays:0} days")
            : Figures.Span(length);
    }

    /// <summary>Where the figures of a range come from: <c>by 2 h until 21 Nov, 10:00, then by 5 min</c>.</summary>
    public static string Resolution(SitePeriod period, ViewerClock clock)
    {
        ArgumentNullException.ThrowIfNull(period);
        ArgumentNullException.ThrowIfNull(clock);
        var parts = new List<string>();
        for (var i = 0; i < period.Slots.Length; i++)
        {
            if (i == 0 || period.Slots[i].Level != period.Slots[i - 1].Level)
            {
                // The first slot of a stretch may be cut short.
                var slot = i + 1 < period.Slots.Length && period.Slots[i + 1].Level == period.Slots[i].Level ? period.Slots[i + 1] : period.Slots[i];
                parts.Add($"{(i == 0 ? "" : $"until {clock.Moment(period.Slots[i].Window.Start)}, then ")}by {Slot(slot.Window)}");
            }
        }

        return string.Join(' ', parts);
    }
}
