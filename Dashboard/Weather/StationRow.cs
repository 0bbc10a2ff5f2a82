using System.Collections.Immutable;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Weather;

/// <summary>How a station is.</summary>
public enum StationState
{
    /// <summary>It reports.</summary>
    Reporting,

    /// <summary>It has reported nothing in the newest window.</summary>
    Silent,

    /// <summary>An alert fires.</summary>
    Alert,
}

/// <summary>A station in the range.</summary>
/// <param name="Station">Its id, as somebody sent it.</param>
/// <param name="Newest">Its newest window with a reading.</param>
/// <param name="State">How it is.</param>
/// <param name="Alerts">The alerts that fire for it now; none in a past range.</param>
public sealed record StationRow(string Station, MeasuredWindow Newest, StationState State, ImmutableArray<PipelineAlert> Alerts)
{
    /// <summary>All stations, by id.</summary>
    /// <param name="period">The windows of stations.</param>
    /// <param name="firing">The alerts that fire now.</param>
    public static ImmutableArray<StationRow> Of(PipelinePeriod period, ImmutableArray<PipelineAlert> firing)
    {
        var newest = new SortedDictionary<string, MeasuredWindow>(StringComparer.Ordinal);
        foreach (var cell in period.Columns.SelectMany(column => column.Cells))
        {
            newest[cell.Key] = cell;
        }

        var alerts = firing.ToLookup(alert => alert.Key, StringComparer.Ordinal);
        // A window that has just begun is no reason to call anybody silent: the one before it counts as well.
        var since = period.Columns[^Math.Min(2, period.Columns.Length)].Window.StartMs;
        return [.. newest.Select(station => new StationRow(
            station.Key, station.Value,
            alerts.Contains(station.Key) ? StationState.Alert : station.Value.Window.StartMs < since ? StationState.Silent : StationState.Reporting,
            [.. alerts[station.Key]]))];
    }
}
