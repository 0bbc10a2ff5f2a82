using System.Globalization;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Views;

/// <summary>Writes instants in the viewer's time zone; with the year where it is not the current one.</summary>
/// <param name="zone">Where the viewer is.</param>
/// <param name="time">Says which year is the current one; the system's clock when left out.</param>
public sealed class ViewerClock(TimeZoneInfo zone, TimeProvider? time = null)
{
    public static ViewerClock Utc { get; } = new(TimeZoneInfo.Utc);

    public TimeZoneInfo Zone => zone;

    private DateTimeOffset Now => (time ?? TimeProvider.System).GetUtcNow();

    /// <summary>The clock of a zone by its IANA name, as browsers report it; UTC when this machine does not know it.</summary>
    public static ViewerClock Of(string? name) =>
        name is { Length: > 0 and < 64 } && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? new ViewerClock(zone) : Utc;

    public DateTimeOffset Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, zone);

    /// <summary><c>14:03</c>.</summary>
    public string Time(DateTimeOffset instant) => Local(instant).ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary><c>21 Nov</c>, or <c>21 Nov 2016</c>.</summary>
    public string Day(DateTimeOffset instant) => Day(instant, Now);

    /// <summary><c>21 Nov, 14:03</c>, or <c>21 Nov 2016, 14:03</c>.</summary>
    public string Moment(DateTimeOffset instant) => Moment(instant, Now);

    /// <summary><c>14:03–14:04</c>, with the day when it is not that of <paramref name="now"/>.</summary>
    public string Span(DateTimeOffset start, DateTimeOffset end, DateTimeOffset now)
    {
        var day = Local(start).Date == Local(now).Date ? "" : Day(start, now) + ", ";
        var far = end - start > TimeSpan.FromHours(24) ? Moment(end, now) : Time(end);
        return $"{day}{Time(start)}–{far}";
    }

    /// <summary>A window's place on an axis: its start, or its end where windows that overlap share starts.</summary>
    public string Axis(Window window, PipelinePeriod period)
    {
        var at = period.Spec is HoppingWindows or CumulativeWindows ? window.End : window.Start;
        return period.Spec is CalendarDays ? Day(at)
            : period.To - period.From > TimeSpan.FromHours(24) ? Moment(at)
            : period.Columns[0].Window.EndMs % 60_000 == 0 ? Time(at) : Local(at).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
    }

    /// <summary>The same in UTC, for hovers: <c>2026-11-21 14:03–14:04 UTC</c>.</summary>
    public static string UtcSpan(DateTimeOffset start, DateTimeOffset end) =>
        $"{start.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}–{end.UtcDateTime.ToString(start.UtcDateTime.Date == end.UtcDateTime.Date ? "HH:mm" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC";

    /// <summary>
    /// An instant that the viewer typed in local time, such as <c>2026-11-21T14:03</c>; null when it is none, or of a year before <see cref="ViewState.Earliest"/> or
    /// after <see cref="ViewState.Latest"/>.
    /// </summary>
    public DateTimeOffset? ParseLocal(string? text)
    {
        if (!DateTime.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            || local.Year is < ViewState.Earliest or > ViewState.Latest)
        {
            return null;
        }

        // A time that the clocks skipped in spring counts as the one an hour later.
        var instant = new DateTimeOffset(local, zone.GetUtcOffset(zone.IsInvalidTime(local) ? local.AddHours(-1) : local)).ToUniversalTime();
        return instant.Year is >= ViewState.Earliest and <= ViewState.Latest ? instant : null;
    }

    /// <summary>For a <c>datetime-local</c> input.</summary>
    public string InputValue(DateTimeOffset instant) => Local(instant).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    private string Day(DateTimeOffset instant, DateTimeOffset now) =>
        Local(instant).ToString(Local(instant).Year == Local(now).Year ? "d MMM" : "d MMM yyyy", CultureInfo.InvariantCulture);

    private string Moment(DateTimeOffset instant, DateTimeOffset now) => $"{Day(instant, now)}, {Time(instant)}";
}
