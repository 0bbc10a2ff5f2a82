using System.Collections.Immutable;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Weather;

/// <summary>The weather's charts and tables of one range.</summary>
/// <param name="Weather">One measure of the chosen cities, as lines.</param>
/// <param name="Messages">What was written about the same cities, in the same places of the same axis; null when nothing is known of messages.</param>
/// <param name="Cities">All cities.</param>
/// <param name="Stations">All stations.</param>
public sealed record WeatherModel(PipelineChartModel Weather, PipelineChartModel? Messages, ImmutableArray<CityRow> Cities, ImmutableArray<StationRow> Stations)
{
    /// <summary>What the chart shows unless something else is asked for.</summary>
    public const string UsualMeasure = "temperature_mean";

    private const int UsualCities = 5;

    /// <summary>The cities on the charts, in the order of their colours.</summary>
    public ImmutableArray<string> Chosen { get; init; } = [];

    /// <summary>Builds the model; null while there is no weather in the range.</summary>
    public static WeatherModel? Build(WeatherPeriods periods, ViewState view, ImmutableArray<PipelineAlert> firing)
    {
        if (periods.Cities is not { HasData: true } weather)
        {
            return null;
        }

        var rows = CityRow.Of(weather, periods.Messages);
        var chosen = Choose(weather, rows, view.Picked);
        var aligned = periods.Messages is { HasData: true } messages ? Align(messages, weather) : null;
        return new WeatherModel(
            Chart(weather, PipelineChartModel.MeasureOf(weather.Plan, view.Of ?? UsualMeasure), chosen, view, isZeroWhenMissing: false),
            aligned is null ? null : Chart(aligned, PipelineChartModel.MeasureOf(aligned.Plan, "count"), chosen, view, isZeroWhenMissing: true),
            rows,
            periods.Stations is { HasData: true } stations ? StationRow.Of(stations, firing) : [])
        {
            Chosen = chosen,
        };
    }

    /// <summary>Those that were picked and are there; else those with the most readings, by name, so that they do not change all the time.</summary>
    private static ImmutableArray<string> Choose(PipelinePeriod weather, ImmutableArray<CityRow> rows, ImmutableArray<string> picked)
    {
        var found = picked.Select(id => rows.FirstOrDefault(row => KeyText.Id(row.City) == id)?.City).OfType<string>().ToImmutableArray();
        return !found.IsEmpty ? found :
        [
            .. weather.Columns.SelectMany(column => column.Cells).GroupBy(cell => cell.Key, StringComparer.Ordinal)
                .Select(city => (City: city.Key, Windows: city.Count()))
                .OrderByDescending(city => city.Windows).ThenBy(city => city.City, StringComparer.Ordinal).Take(UsualCities).Select(city => city.City),
        ];
    }

    /// <summary>The same places as the weather has. Between the first and the last window with messages a place without any has none; outside nobody knows.</summary>
    private static PipelinePeriod Align(PipelinePeriod messages, PipelinePeriod weather)
    {
        var columns = messages.Columns.ToDictionary(column => column.Window);
        ImmutableArray<WindowColumn> aligned = [.. weather.Columns.Select(place => columns.GetValueOrDefault(place.Window) ?? new WindowColumn(place.Window, [], place.IsProvisional))];
        return new PipelinePeriod(messages.Spec, messages.Plan, aligned, [.. aligned.SelectMany(column => column.Cells)]) { Merged = messages.Merged, Note = messages.Note };
    }

    private static PipelineChartModel Chart(PipelinePeriod period, int measure, ImmutableArray<string> chosen, ViewState view, bool isZeroWhenMissing)
    {
        var wanted = chosen.ToHashSet(StringComparer.Ordinal);
        var cells = period.Columns.Select(column => column.Cells.Where(cell => wanted.Contains(cell.Key)).ToDictionary(cell => cell.Key, StringComparer.Ordinal)).ToList();
        var known = isZeroWhenMissing ? Known(period) : default;
        double? ValueAt(int column, string city) => cells[column].TryGetValue(city, out var cell)
            ? cell.Value(measure) is { HasValue: true } value ? value.Number : null
            : isZeroWhenMissing && column >= known.From && column <= known.To ? 0 : null;
        return new PipelineChartModel(
            period, measure,
            [
                .. chosen.Select((city, color) => new MeasureSeries(
                    KeyText.Id(city), KeyText.Readable(city), color, [.. Enumerable.Range(0, cells.Count).Select(column => ValueAt(column, city))], view.Hidden.Contains(KeyText.Id(city)))),
            ],
            0);
    }

    /// <summary>From the first to the last place with anything.</summary>
    private static (int From, int To) Known(PipelinePeriod period)
    {
        var filled = Enumerable.Range(0, period.Columns.Length).Where(i => !period.Columns[i].Cells.IsEmpty).ToList();
        return filled.Count == 0 ? (int.MaxValue, -1) : (filled[0], filled[^1]);
    }
}
