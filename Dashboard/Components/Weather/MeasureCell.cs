using Microsoft.AspNetCore.Components.QuickGrid;
using Streaming.Contracts.Measures;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Components.Weather;

/// <summary>A measure of a row's newest window, as a column of a table.</summary>
/// <param name="Title">The column's heading.</param>
/// <param name="Text">The value with its unit; a dash where there is none.</param>
/// <param name="Sort">By value; rows without one come first.</param>
internal sealed record MeasureCell<TRow>(string Title, Func<TRow, string> Text, GridSort<TRow> Sort)
{
    /// <summary>Columns of those measures that the plan has: another version's plan may lack some.</summary>
    public static MeasureCell<TRow>[] Of(MeasurePlan plan, Func<TRow, MeasuredWindow?> window, params (string Measure, string Title)[] measures) =>
    [
        .. measures.Select(measure => (measure.Title, At: plan.Measures.ToList().FindIndex(m => m.Name == measure.Measure)))
            .Where(measure => measure.At >= 0)
            .Select(measure => new MeasureCell<TRow>(
                measure.Title,
                row => Words(plan, measure.At, window(row)),
                GridSort<TRow>.ByAscending(row => Rank(window(row), measure.At)))),
    ];

    private static double Rank(MeasuredWindow? window, int measure) => window?.Rank(measure) ?? double.NegativeInfinity;

    private static string Words(MeasurePlan plan, int at, MeasuredWindow? window)
    {
        var value = window?.Value(at) ?? MeasureValue.None;
        if (!value.HasValue)
        {
            return Figures.Unknown;
        }

        // One decimal is what an instrument tells.
        var number = value.Number;
        return $"{(number < 0 ? "−" : "")}{Math.Abs(number).ToString("#,0.0", System.Globalization.CultureInfo.InvariantCulture)} {MeasureText.Unit(plan, plan.Measures[at])}";
    }
}
