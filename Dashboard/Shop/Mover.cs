using System.Collections.Immutable;
using Streaming.Contracts.Measures;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Shop;

/// <summary>How the price of one product has moved over a stretch of time.</summary>
/// <param name="Product">Which.</param>
/// <param name="Opening">
/// The price before the stretch's first change, by event time, as that change (or the first one that says so) names it; where none does, the price that the first
/// change set.
/// </param>
/// <param name="Last">The price that the last change set, by event time.</param>
/// <param name="Low">The lowest price that a change set.</param>
/// <param name="High">The highest.</param>
/// <param name="Changes">How many changes there were.</param>
/// <param name="IsFinal">Whether no change can come to it any more.</param>
/// <param name="Windows">Of how many windows it is made.</param>
public sealed record Mover(ProductLabel Product, decimal Opening, decimal Last, decimal Low, decimal High, long Changes, bool IsFinal, int Windows)
{
    /// <summary>The whole move as a share of the opening price: −0.2 is 20 % down. Null when that was zero.</summary>
    public double? Move { get; } = Opening == 0 ? null : (double)((Last - Opening) / Opening);

    /// <summary>How far it has moved, either way; what cannot be told comes last.</summary>
    public double Distance => Move is { } move ? Math.Abs(move) : -1;
}

/// <summary>Finds out which products have moved.</summary>
public static class Movers
{
    /// <summary>
    /// All products of these windows, the biggest mover first. Several windows of a product follow each other and do not overlap: the move is from the first one's
    /// opening to the last one's end.
    /// </summary>
    public static ImmutableArray<Mover> Of(IEnumerable<MeasuredWindow> windows, MeasurePlan plan, ProductLabels labels)
    {
        var measures = new ShopMeasures(plan);
        return
        [
            .. windows.GroupBy(window => window.Key, StringComparer.Ordinal).Select(product => Of(labels[product.Key], [.. product.OrderBy(window => window.Window.StartMs)], measures)).OfType<Mover>()
                .OrderByDescending(mover => mover.Distance).ThenByDescending(mover => mover.Changes).ThenBy(mover => mover.Product.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>Null when its windows hold no price: their states cannot be read.</summary>
    private static Mover? Of(ProductLabel product, ImmutableArray<MeasuredWindow> windows, ShopMeasures measures)
    {
        decimal? First(string measure) => windows.Select(window => measures.Read(window, measure)).FirstOrDefault(value => value is not null);
        var low = windows.Min(window => measures.Read(window, "price_min"));
        var high = windows.Max(window => measures.Read(window, "price_max"));
        var last = windows.Select(window => measures.Read(window, "price_last")).LastOrDefault(value => value is not null);
        return (OpeningOf(), last, low, high) is ({ } opening, { } end, { } lowest, { } highest)
            ? new Mover(product, opening, end, lowest, highest, windows.Sum(window => window.Basic.Count), windows.All(window => window.IsFinal), windows.Length)
            : null;

        // The first window that has events decides: what a later one names as its opening is this one's end.
        decimal? OpeningOf() => measures.Read(windows[0], "previous_first") ?? First("price_first");
    }
}
