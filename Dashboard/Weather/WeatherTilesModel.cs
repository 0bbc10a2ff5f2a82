using System.Collections.Immutable;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Weather;

/// <summary>The largest of a measure over all cities.</summary>
/// <param name="City">Where it is.</param>
/// <param name="Window">In which window.</param>
/// <param name="Value">How much.</param>
/// <param name="Spark">The largest of each place of the axis, oldest first.</param>
public sealed record Extreme(string City, MeasuredWindow Window, double Value, ImmutableArray<double> Spark);

/// <summary>The weather in a few numbers. What is not known is null.</summary>
public sealed record WeatherTilesModel(Extreme? Warmest, Extreme? Windiest, long? Messages, ImmutableArray<double> MessagesSpark, int? Reporting, int Stations, int Firing)
{
    /// <summary>Builds them of the newest place that has anything.</summary>
    public static WeatherTilesModel Of(WeatherPeriods periods, WeatherModel model, int firing)
    {
        var weather = periods.Cities!;
        return new WeatherTilesModel(
            Find(weather, "temperature_mean"),
            Find(weather, "wind_max"),
            periods.Messages is { HasData: true } messages ? messages.Columns.Sum(column => column.Count) : null,
            periods.Messages is { HasData: true } written ? [.. written.Columns.Where(column => !column.IsProvisional).Select(column => (double)column.Count)] : [],
            model.Stations.IsEmpty ? null : model.Stations.Count(station => station.State != StationState.Silent && !station.Alerts.Any(alert => alert.Rule == "silent-station")),
            model.Stations.Length,
            firing);
    }

    private static Extreme? Find(PipelinePeriod period, string measure)
    {
        var at = period.Plan.Measures.ToList().FindIndex(m => m.Name == measure);
        if (at < 0)
        {
            return null;
        }

        var best = period.Columns.Select(column => column.Cells.Where(cell => cell.Value(at).HasValue).MaxBy(cell => cell.Value(at).Number)).OfType<MeasuredWindow>().ToList();
        return best.Count == 0 ? null : new Extreme(KeyText.Readable(best[^1].Key), best[^1], best[^1].Value(at).Number, [.. best.Select(cell => cell.Value(at).Number)]);
    }
}
