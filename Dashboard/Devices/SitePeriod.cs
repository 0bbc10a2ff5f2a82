using System.Collections.Immutable;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Dashboard.Devices;

/// <summary>A place on the time axis and what was measured there.</summary>
/// <param name="Window">Its interval.</param>
/// <param name="Level">The kind of windows that it was read from.</param>
/// <param name="IsProvisional">Whether it may still change.</param>
/// <param name="Sites">By site; one in which nothing was measured is missing.</param>
/// <param name="All">All sites together; null when nothing was measured.</param>
public sealed record SiteSlot(Window Window, string Level, bool IsProvisional, ImmutableDictionary<string, SiteReading> Sites, SiteReading? All)
{
    /// <summary>Of one site; of all when null.</summary>
    public SiteReading? Of(string? site) => site is null ? All : Sites.TryGetValue(site, out var reading) ? reading : null;
}

/// <summary>The sites over a range of time: slots that tile it, and the whole.</summary>
/// <param name="Slots">Oldest first, each beginning where the one before ends; at least one.</param>
/// <param name="Totals">The whole range, by site.</param>
/// <param name="Total">All sites over the whole range; null when nothing was measured.</param>
public sealed record SitePeriod(ImmutableArray<SiteSlot> Slots, ImmutableDictionary<string, SiteReading> Totals, SiteReading? Total)
{
    /// <summary>First instant.</summary>
    public DateTimeOffset From => Slots[0].Window.Start;

    /// <summary>End.</summary>
    public DateTimeOffset To => Slots[^1].Window.End;

    public bool HasData => Total is not null;

    /// <summary>Reads everything out of cells; null without a slot.</summary>
    internal static SitePeriod? Of(MeasurePlan plan, IReadOnlyCollection<SlotCells> slots) => slots.Count == 0 ? null : Of(plan, [.. slots.Select(slot => slot.Read(plan))], SiteTotals.Of(slots));

    internal static SitePeriod Of(MeasurePlan plan, ImmutableArray<SiteSlot> slots, SiteTotals totals) =>
        new(slots, totals.Sites.ToImmutableDictionary(site => site.Key, site => site.Value.Read(plan), StringComparer.Ordinal), SlotCells.Together(totals.Sites.Values)?.Read(plan));
}

/// <summary>The cells of several slots put together by site.</summary>
internal sealed class SiteTotals
{
    public Dictionary<string, SiteCell> Sites { get; } = new(StringComparer.Ordinal);

    public static SiteTotals Of(IEnumerable<SlotCells> slots) => new SiteTotals().With(slots.SelectMany(slot => slot.Sites));

    /// <summary>A copy with more in it.</summary>
    public SiteTotals And(IEnumerable<SlotCells> slots) => new SiteTotals().With(Sites.Concat(slots.SelectMany(slot => slot.Sites)));

    private SiteTotals With(IEnumerable<KeyValuePair<string, SiteCell>> cells)
    {
        foreach (var (site, cell) in cells)
        {
            (Sites.TryGetValue(site, out var total) ? total : Sites[site] = new SiteCell()).Merge(cell);
        }

        return this;
    }
}
