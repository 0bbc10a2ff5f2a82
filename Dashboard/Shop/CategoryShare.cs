using System.Collections.Immutable;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Shop;

/// <summary>A category's part of all changes in a range.</summary>
/// <param name="Key">The category as somebody sent it; null for the rest.</param>
/// <param name="Name">The same for people.</param>
/// <param name="Changes">Its changes.</param>
/// <param name="Share">Its part of all changes, 0 to 1.</param>
/// <param name="Cuts">How many of its changes were cuts; null when that is not known.</param>
/// <param name="Color">Its place in the palette.</param>
public sealed record CategoryShare(string? Key, string Name, long Changes, double Share, long? Cuts, int Color);

/// <summary>The shares of all categories in a range, the largest first, what has no colour of its own together at the end.</summary>
/// <param name="Period">The range.</param>
/// <param name="Shares">The categories.</param>
/// <param name="Total">All changes.</param>
public sealed record CategoryShares(PipelinePeriod Period, ImmutableArray<CategoryShare> Shares, long Total)
{
    /// <summary>Adds the range up; <paramref name="roster"/> remembers who had which colour.</summary>
    public static CategoryShares Of(PipelinePeriod period, SeriesRoster roster)
    {
        ArgumentNullException.ThrowIfNull(roster);
        var measures = new ShopMeasures(period.Plan);
        var totals = period.Columns.SelectMany(column => column.Cells).GroupBy(cell => cell.Key, StringComparer.Ordinal)
            .Select(category => (Key: category.Key, Changes: category.Sum(cell => cell.Basic.Count), Cuts: category.Sum(cell => measures.Read(cell, "cut_sum"))))
            .OrderByDescending(category => category.Changes).ThenBy(category => category.Key, StringComparer.Ordinal).ToList();
        var total = totals.Sum(category => category.Changes);
        var places = roster.Update(totals.ConvertAll(category => category.Key));
        var own = totals.Where(category => places.ContainsKey(category.Key))
            .Select(category => new CategoryShare(category.Key, KeyText.Readable(category.Key), category.Changes, Part(category.Changes), (long?)category.Cuts, places[category.Key]));
        var rest = totals.Where(category => !places.ContainsKey(category.Key)).ToList();
        ImmutableArray<CategoryShare> others = rest.Count == 0
            ? []
            : [new CategoryShare(null, rest.Count == 1 ? KeyText.Readable(rest[0].Key) : $"{Figures.Count(rest.Count)} others", rest.Sum(r => r.Changes), Part(rest.Sum(r => r.Changes)), (long?)rest.Sum(r => r.Cuts), SalesChartModel.OthersColor)];
        return new CategoryShares(period, [.. own, .. others], total);

        double Part(long changes) => total == 0 ? 0 : (double)changes / total;
    }
}
