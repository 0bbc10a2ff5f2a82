using System.Collections.Immutable;
using Streaming.Contracts.Measures;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Views;

/// <summary>One key, or all that have no series of their own.</summary>
/// <param name="Id">What it is called in the address.</param>
/// <param name="Name">What the legend says.</param>
/// <param name="Color">Its place in the palette.</param>
/// <param name="Values">One per column; null where nothing was measured.</param>
/// <param name="IsHidden">Whether it was switched off.</param>
public sealed record MeasureSeries(string Id, string Name, int Color, ImmutableArray<double?> Values, bool IsHidden)
{
    public double Total { get; } = Values.Sum() ?? 0;
}

/// <summary>The chart of one measure of a pipeline: the largest keys, and the others where their values add up.</summary>
/// <param name="Period">What it is made of.</param>
/// <param name="Measure">Which measure, by its place in the plan.</param>
/// <param name="Series">In the order of their places in the palette.</param>
/// <param name="OtherKeys">How many keys are in "others", or not on the chart at all.</param>
public sealed record PipelineChartModel(PipelinePeriod Period, int Measure, ImmutableArray<MeasureSeries> Series, int OtherKeys)
{
    /// <summary>No key's id.</summary>
    public const string OthersId = "\u001fothers";

    /// <summary>Sketches of so many cells at most are read to find the largest keys and the sum of the others.</summary>
    private const int MostSketches = 20_000;

    public MeasureSpec Spec => Period.Plan.Measures[Measure];

    /// <summary>Whether columns are stacked; else each key has a line.</summary>
    public bool IsStacked => MeasureText.IsAdditive(Spec);

    /// <summary>How a key becomes large enough for a series, in words.</summary>
    public string RankedBy => IsStacked ? MeasureText.Label(Period.Plan, Spec) : "Events";

    /// <summary>Builds the chart of <paramref name="period"/>; <paramref name="roster"/> remembers who had which colour.</summary>
    public static PipelineChartModel Build(PipelinePeriod period, ViewState view, SeriesRoster roster)
    {
        var measure = MeasureOf(period.Plan, view.Of);
        var spec = period.Plan.Measures[measure];
        var cells = period.Columns.Select(column => column.Cells.Where(cell => Matches(cell.Key, view.Find)).ToList()).ToList();
        var ranksByValue = MeasureText.IsAdditive(spec) && (period.Plan.LiesInColumns(measure) || cells.Sum(column => column.Count) <= MostSketches);
        var totals = cells.SelectMany(column => column)
            .GroupBy(cell => cell.Key, StringComparer.Ordinal)
            .Select(key => (Key: key.Key, Total: key.Sum(cell => ranksByValue ? cell.Value(measure).Number : cell.Basic.Count)))
            .OrderByDescending(key => key.Total).ThenBy(key => key.Key, StringComparer.Ordinal).Select(key => key.Key).ToList();
        var places = roster.Update(totals);
        var own = totals.Where(places.ContainsKey).OrderBy(key => places[key]).Select(key => new MeasureSeries(
            IdOf(key), KeyText.Readable(key), places[key], [.. cells.Select(column => ValueOf(column.Find(cell => cell.Key == key), measure))], view.Hidden.Contains(IdOf(key))));
        var rest = totals.Count(key => !places.ContainsKey(key));
        ImmutableArray<MeasureSeries> others = rest == 0 || !ranksByValue
            ? []
            : [new MeasureSeries(OthersId, $"{Figures.Count(rest)} others", SalesChartModel.OthersColor, [.. cells.Select(column => Sum(column.Where(cell => !places.ContainsKey(cell.Key)), measure))], view.Hidden.Contains(OthersId))];
        return new PipelineChartModel(period, measure, [.. own, .. others], rest);
    }

    /// <summary>The measure's place in the plan; the first when there is none of this name.</summary>
    public static int MeasureOf(MeasurePlan plan, string? name) => Math.Max(0, plan.Measures.ToList().FindIndex(m => m.Name == name));

    /// <summary>Whether a key is to be shown.</summary>
    public static bool Matches(string key, string? find) => find is null || key.Contains(find, StringComparison.OrdinalIgnoreCase);

    // Keys are any text: one that begins as the others do gets one more of that sign.
    private static string IdOf(string key) => KeyText.Id(key) is var id && id.StartsWith(OthersId[0]) ? OthersId[0] + id : id;

    private static double? ValueOf(MeasuredWindow? cell, int measure) => cell?.Value(measure) is { HasValue: true } value ? value.Number : null;

    private static double? Sum(IEnumerable<MeasuredWindow> cells, int measure) =>
        cells.Select(cell => ValueOf(cell, measure)).Where(value => value is not null).Aggregate((double?)null, (sum, value) => (sum ?? 0) + value);
}
