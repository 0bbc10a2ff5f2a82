using System.Collections.Immutable;
using Streaming.Dashboard.Alerts;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Maps;

/// <summary>A store on the map.</summary>
/// <param name="Store">Which.</param>
/// <param name="At">Where.</param>
/// <param name="Count">Its sales in the range.</param>
/// <param name="Late">Its late events in the range.</param>
/// <param name="Alert">The worst alert that fires for it now; null when none does, or when a past range is shown.</param>
/// <param name="Radius">In thousandths of the frame's width: the area is in proportion to the sales.</param>
public sealed record StoreDot(StoreInfo Store, MapPoint At, long Count, long Late, AlertRow? Alert, double Radius);

/// <summary>The map of a range: a circle for each store that has a place.</summary>
/// <param name="Dots">The largest first, so that small ones lie on top.</param>
/// <param name="Frame">What is shown.</param>
/// <param name="Unplaced">Stores with sales of which nobody knows where they are.</param>
/// <param name="Left">Stores with a place that are left out because there are too many.</param>
public sealed record StoreMapModel(ImmutableArray<StoreDot> Dots, MapFrame Frame, int Unplaced, int Left)
{
    /// <summary>More circles say nothing more.</summary>
    public const int Most = 400;

    private const double Largest = 26;
    private const double Smallest = 4;

    /// <summary>Builds the map of a range.</summary>
    /// <param name="period">The range.</param>
    /// <param name="stores">The stores that are known; those without sales are shown, too.</param>
    /// <param name="alerts">What fires, by store id; empty for a past range.</param>
    /// <param name="chosen">The one store that is looked at; null for all.</param>
    /// <param name="world">Whether the whole world is shown rather than where the stores are.</param>
    public static StoreMapModel Build(SalesPeriod period, IReadOnlyDictionary<string, StoreInfo> stores, IReadOnlyDictionary<string, AlertRow> alerts, string? chosen, bool world)
    {
        var sold = period.Slots.SelectMany(s => s.Stores).GroupBy(s => s.StoreId, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => (Count: g.Sum(s => s.Count), Late: g.Sum(s => s.Late)), StringComparer.Ordinal);
        var placed = stores.Values.Where(store => store.Place is not null)
            .Select(store => (Store: store, Sold: sold.GetValueOrDefault(store.StoreId)))
            .OrderByDescending(s => s.Sold.Count).ThenBy(s => s.Store.StoreId, StringComparer.Ordinal).ToList();
        var most = placed.Count == 0 ? 0 : placed[0].Sold.Count;
        ImmutableArray<StoreDot> dots = [.. placed.Take(Most).Select(s =>
            new StoreDot(s.Store, s.Store.Place!.Value.OnMap, s.Sold.Count, s.Sold.Late, alerts.GetValueOrDefault(s.Store.StoreId), RadiusOf(s.Sold.Count, most)))];
        return new StoreMapModel(
            dots, FrameOf(dots, chosen, world), sold.Count(s => s.Value.Count > 0 && stores.GetValueOrDefault(s.Key)?.Place is null), Math.Max(0, placed.Count - Most));
    }

    private static MapFrame FrameOf(ImmutableArray<StoreDot> dots, string? chosen, bool world) => world
        ? MapFrame.World
        : dots.FirstOrDefault(dot => dot.Store.StoreId == chosen) is { } one ? MapFrame.Near(one.At) : MapFrame.Around([.. dots.Select(dot => dot.At)]);

    private static double RadiusOf(long count, long most) => most == 0 ? Smallest : Math.Max(Smallest, Largest * Math.Sqrt((double)count / most));
}
