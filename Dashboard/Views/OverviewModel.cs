using System.Collections.Immutable;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Views;

/// <summary>The figures of the tiles. Each is null while it is not known: a zero always means zero.</summary>
/// <param name="SalesPerMinute">Over the complete minutes of the range, from the first one on that there is any data of.</param>
/// <param name="SalesChange">Against the previous period.</param>
/// <param name="Sales">In the whole range, the open minute included.</param>
/// <param name="OpenSales">In the minutes that may still change.</param>
/// <param name="ActiveStores">Stores that the reference data describes, with at least one sale in the range.</param>
/// <param name="UnknownStores">Store ids that it does not describe, with at least one sale in the range.</param>
/// <param name="KnownStores">Stores that the reference data describes.</param>
/// <param name="ActiveChange">Against the previous period, in stores.</param>
/// <param name="Late">Late events for windows in the range.</param>
/// <param name="LateShare">Of all events for windows in the range.</param>
/// <param name="LateChange">Against the previous period, per minute.</param>
public sealed record OverviewModel(
    double? SalesPerMinute,
    double? SalesChange,
    long Sales,
    long OpenSales,
    int ActiveStores,
    int UnknownStores,
    int KnownStores,
    int? ActiveChange,
    long Late,
    double LateShare,
    double? LateChange,
    ImmutableArray<CurrencyTotals> Currencies)
{
    public static OverviewModel Build(SalesPeriod period, int knownStores, Func<string, StoreInfo> store)
    {
        var minutes = CountedSlots(period) * period.SlotLength.TotalMinutes;
        var complete = period.Complete.Sum(s => s.Count);
        var before = period.Previous;
        var active = Active(period);
        var late = period.Late;
        return new OverviewModel(
            minutes == 0 ? null : complete / minutes,
            before is null ? null : Comparison.Change(complete, period.Complete.Length, before.Complete.Sum(s => s.Count), before.Complete.Length),
            period.Count,
            period.Count - complete,
            active.Count(id => store(id).IsKnown),
            active.Count(id => !store(id).IsKnown),
            knownStores,
            before is null ? null : active.Count - Active(before).Count,
            late,
            late == 0 ? 0 : (double)late / (late + period.Count),
            before is null ? null : Comparison.Change(late, period.Slots.Length, before.Late, before.Slots.Length),
            CurrencyTotals.Of(period, store));
    }

    // Before the first window of all there is nothing known, which is not the same as no sales.
    private static int CountedSlots(SalesPeriod period) => period.Previous is null
        ? period.Complete.SkipWhile(slot => slot.Stores.IsEmpty).Count()
        : period.Complete.Length;

    private static List<string> Active(SalesPeriod period) =>
        [.. period.Slots.SelectMany(s => s.Stores).Where(s => s.Count > 0).Select(s => s.StoreId).Distinct(StringComparer.Ordinal)];
}
