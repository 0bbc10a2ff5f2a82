using System.Collections.Immutable;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Shop;

/// <summary>Everything that the page shows of a range, live or past.</summary>
/// <param name="Prices">Windows per product; the time axis of the page.</param>
/// <param name="Categories">Windows per category; null while there is none.</param>
/// <param name="Tiles">The figures.</param>
/// <param name="Movers">All products that have changed, the biggest mover first.</param>
/// <param name="MoversFrom">First instant of what the movers are measured over.</param>
/// <param name="MoversTo">Its end.</param>
/// <param name="Ticks">The newest changes, newest first.</param>
/// <param name="Labels">Names of products.</param>
public sealed record ShopModel(
    PipelinePeriod Prices, PipelinePeriod? Categories, ShopTiles Tiles, ImmutableArray<Mover> Movers, DateTimeOffset MoversFrom, DateTimeOffset MoversTo,
    ImmutableArray<PriceTick> Ticks, ProductLabels Labels)
{
    /// <summary>A live range: the newest minutes, and the movers of the newest hopping window.</summary>
    /// <param name="minutes">The newest minutes, those before the range included where they are known.</param>
    /// <param name="shown">How many of them are the range.</param>
    /// <param name="hopping">The newest hopping window; null while there is none.</param>
    /// <param name="categories">The newest minutes per category.</param>
    /// <param name="ticks">The newest changes.</param>
    /// <param name="labels">Names of products.</param>
    public static ShopModel Live(PipelinePeriod minutes, int shown, PipelinePeriod? hopping, PipelinePeriod? categories, ImmutableArray<PriceTick> ticks, ProductLabels labels)
    {
        var (before, range) = Split(minutes, shown);
        var tiles = ShopTiles.Of(range, before);
        return hopping is { Columns: [.., var newest] }
            ? new ShopModel(range, categories, tiles, Shop.Movers.Of(newest.Cells, hopping.Plan, labels), newest.Window.Start, newest.Window.End, ticks, labels)
            : new ShopModel(range, categories, tiles, [], range.From, range.To, ticks, labels);
    }

    /// <summary>A past range, with the movers of all of it.</summary>
    public static ShopModel Past(PipelinePeriod prices, PipelinePeriod? categories, ImmutableArray<PriceTick> ticks, ProductLabels labels)
    {
        var known = labels.With(ticks.Reverse());
        return new ShopModel(
            prices, categories, ShopTiles.Of(prices, []), Shop.Movers.Of(prices.Columns.SelectMany(column => column.Cells), prices.Plan, known), prices.From, prices.To, ticks, known);
    }

    /// <summary>The newest places as a period of their own, and as many before them if all of those are there.</summary>
    internal static (ImmutableArray<WindowColumn> Before, PipelinePeriod Range) Split(PipelinePeriod minutes, int shown)
    {
        var first = Math.Max(0, minutes.Columns.Length - shown);
        var range = minutes.Columns[first..];
        return (
            first >= range.Length ? minutes.Columns[(first - range.Length)..first] : [],
            new PipelinePeriod(minutes.Spec, minutes.Plan, range, [.. range.SelectMany(column => column.Cells)]) { Note = minutes.Note });
    }
}
