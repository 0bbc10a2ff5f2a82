using System.Globalization;
using Microsoft.AspNetCore.Components;
using Streaming.Dashboard.Devices;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Components.Devices;

/// <summary>When a device was connected: read for this one alone, again every few seconds while the range ends now.</summary>
public sealed partial class DevicePanel
{
    private static readonly TimeSpan LiveRange = TimeSpan.FromHours(24);

    // Sessions of thousands of devices are looked through for those of one.
    private static readonly TimeSpan ReadAnewAfter = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private (string Id, DateTimeOffset? From, DateTimeOffset? To)? _asked;
    private DateTimeOffset _askedAt;
    private DateTimeOffset _from;
    private DateTimeOffset _to;
    private DevicePeriods? _periods;
    private string? _problem;

    [CascadingParameter]
    private ViewState View { get; set; } = new();

    [CascadingParameter]
    private ViewerClock Clock { get; set; } = ViewerClock.Utc;

    [Parameter, EditorRequired]
    public string Id { get; set; } = "";

    [Parameter, EditorRequired]
    public FleetSnapshot Fleet { get; set; } = FleetSnapshot.Empty;

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (Fleet is not { Info: { } info, Now: { } now })
        {
            return;
        }

        var wanted = (Id, View.From, View.To);
        if (_asked == wanted && (!View.IsLive || now - _askedAt < ReadAnewAfter))
        {
            return;
        }

        _periods = _asked?.Id == Id ? _periods : null;
        (_asked, _askedAt) = (wanted, now);
        var (from, to) = (View.From ?? now - LiveRange, View.To ?? now);
        try
        {
            var periods = await History.ReadAsync(info, Id, from, to, _stop.Token);
            if (_asked == wanted)
            {
                // Of before the first period nothing is known: perhaps nobody counted.
                var known = periods.Periods.IsEmpty || periods.Periods[0].From < from ? from : periods.Periods[0].From;
                (_periods, _problem, _from, _to) = (periods, null, known < to ? known : from, to);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The page is gone.
        }
        catch (Exception e) when (e is System.Data.Common.DbException or TimeoutException)
        {
            LogFailed(Logger, e);
            _problem = "The database did not answer, so the connected periods cannot be shown.";
        }
    }

    private string Note() => Fleet.Find(Id) is { } device
        ? $"{(device.IsConnected ? "Connected" : "Silent")}, last seen {Figures.Age(Fleet.Now - device.LastSeen)} ago: {DeviceTexts.Degrees(device.Temperature)} °C, battery {DeviceTexts.Percent(device.Battery)}. Site: {DeviceTexts.Site(device.Site)}."
        : "Nothing is known of this device.";

    private double At(DateTimeOffset instant) => Math.Clamp((instant - _from) / (_to - _from), 0, 1);

    private static string Percent(double share) => (share * 100).ToString("0.###", CultureInfo.InvariantCulture) + "%";

    private string Title(ConnectedPeriod period) =>
        $"{Clock.Moment(period.From)} to {Clock.Moment(period.To)}{(period.IsOpen ? ", still going on" : "")}: {Figures.Age(period.To - period.From)}, {Figures.Count(period.Heartbeats)} heartbeats";

    private string Summary(DevicePeriods periods)
    {
        var connected = periods.Periods.Aggregate(TimeSpan.Zero, (sum, p) => sum + ((p.To < _to ? p.To : _to) - (p.From > _from ? p.From : _from)));
        var of = Figures.Age(_to - _from);
        return $"{Figures.Count(periods.Periods.Length)} connected {(periods.Periods.Length == 1 ? "period" : "periods")}, {Figures.Percent(connected / (_to - _from))} of the {of} since {Clock.Moment(_from)}.";
    }

    [LoggerMessage(3081, LogLevel.Warning, "Could not read the connected periods of a device")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
