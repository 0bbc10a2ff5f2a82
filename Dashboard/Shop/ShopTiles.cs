using System.Collections.Immutable;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Shop;

/// <summary>The figures of the tiles over a range of minutes (or longer places). Each is null while it is not known: a zero always means zero.</summary>
/// <param name="PerMinute">Changes per minute over the complete places; null while there is none.</param>
/// <param name="PerMinuteChange">Against the stretch of the same length before; null when that is not known.</param>
/// <param name="Changes">Changes in the whole range, open places included.</param>
/// <param name="OpenChanges">Those of them that lie in places which may still change.</param>
/// <param name="Products">Products with at least one change in the range.</param>
/// <param name="MeanChange">The mean of all changes that name a previous price, in percent; null when none does.</param>
/// <param name="Compared">How many changes that is the mean of.</param>
/// <param name="Cuts">The deepest single cut of the range in percent, and whose it was; null without one.</param>
/// <param name="Late">Changes that came after their place was closed.</param>
/// <param name="ChangesByPlace">Changes in each complete place.</param>
/// <param name="ProductsByPlace">Products in each complete place.</param>
/// <param name="MeanByPlace">The mean change of each complete place that has one.</param>
public sealed record ShopTiles(
    double? PerMinute,
    double? PerMinuteChange,
    long Changes,
    long OpenChanges,
    int Products,
    decimal? MeanChange,
    long Compared,
    (string Key, decimal Percent)? Cuts,
    long Late,
    ImmutableArray<double> ChangesByPlace,
    ImmutableArray<double> ProductsByPlace,
    ImmutableArray<double> MeanByPlace)
{
    /// <summary>The figures of <paramref name="period"/>.</summary>
    /// <param name="period">The range.</param>
    /// <param name="before">The places before it, as many as it has; empty when they are not known.</param>
    public static ShopTiles Of(PipelinePeriod period, ImmutableArray<WindowColumn> before)
    {
        var measures = new ShopMeasures(period.Plan);
        ImmutableArray<WindowColumn> complete = [.. period.Columns.Where(column => !column.IsProvisional)];
        var minutes = complete.Sum(column => (column.Window.End - column.Window.Start).TotalMinutes);
        var cells = period.Columns.SelectMany(column => column.Cells).ToList();
        var (mean, compared) = MeanOf(cells, measures);
        return new ShopTiles(
            minutes == 0 ? null : complete.Sum(column => column.Count) / minutes,
            Comparison.Change(complete.Sum(column => column.Count), complete.Length, before.Sum(column => column.Count), before.Length),
            period.Columns.Sum(column => column.Count),
            period.Columns.Where(column => column.IsProvisional).Sum(column => column.Count),
            period.KeyCount,
            mean,
            compared,
            DeepestCut(cells, measures),
            period.Late,
            [.. complete.Select(column => (double)column.Count)],
            [.. complete.Select(column => (double)column.Cells.Length)],
            [.. complete.Select(column => MeanOf(column.Cells, measures).Mean).OfType<decimal>().Select(value => (double)value)]);
    }

    /// <summary>Sums and counts add up exactly; the one division is here.</summary>
    private static (decimal? Mean, long Compared) MeanOf(IEnumerable<MeasuredWindow> cells, ShopMeasures measures)
    {
        var (sum, count) = (0m, 0m);
        foreach (var cell in cells)
        {
            sum += measures.Read(cell, "change_sum") ?? 0;
            count += measures.Read(cell, "change_count") ?? 0;
        }

        return (count == 0 ? null : sum / count, (long)count);
    }

    private static (string Key, decimal Percent)? DeepestCut(IEnumerable<MeasuredWindow> cells, ShopMeasures measures)
    {
        var deepest = cells.Select(cell => (cell.Key, Percent: measures.Read(cell, "change_min"))).Where(cut => cut.Percent < 0)
            .OrderBy(cut => cut.Percent).ThenBy(cut => cut.Key, StringComparer.Ordinal).FirstOrDefault();
        return deepest.Percent is { } percent ? (deepest.Key, percent) : null;
    }
}
