using System.Collections.Immutable;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Views;

/// <summary>The amount of all stores with one currency. Amounts of different currencies are never added up.</summary>
/// <param name="Currency">ISO 4217; empty for stores that nobody has described.</param>
/// <param name="Amount">In whole units.</param>
/// <param name="Count">The sales that it is made of.</param>
/// <param name="Stores">The stores that it is made of.</param>
/// <param name="Change">Against the previous period, per minute; null when that is not known.</param>
public sealed record CurrencyTotals(string Currency, decimal Amount, long Count, int Stores, double? Change)
{
    /// <summary>The totals of every currency in <paramref name="period"/>, the one with the most sales first.</summary>
    public static ImmutableArray<CurrencyTotals> Of(SalesPeriod period, Func<string, StoreInfo> store)
    {
        var before = period.Previous is { } previous ? Sums(previous.Complete, store) : null;
        var complete = Sums(period.Complete, store);
        double? ChangeOf(string currency) => before is null || !before.TryGetValue(currency, out var then)
            ? null
            : Comparison.Change((double)complete.GetValueOrDefault(currency), period.Complete.Length, (double)then, period.Previous!.Complete.Length);

        return [.. period.Slots.SelectMany(s => s.Stores).Where(s => s.Count > 0)
            .GroupBy(s => store(s.StoreId).Currency, StringComparer.Ordinal)
            .Select(g => new CurrencyTotals(g.Key, g.Sum(s => s.Sum), g.Sum(s => s.Count), g.Select(s => s.StoreId).Distinct().Count(), ChangeOf(g.Key)))
            .OrderByDescending(c => c.Count).ThenBy(c => c.Currency, StringComparer.Ordinal)];
    }

    private static Dictionary<string, decimal> Sums(ImmutableArray<Slot> slots, Func<string, StoreInfo> store) => slots
        .SelectMany(s => s.Stores)
        .GroupBy(s => store(s.StoreId).Currency, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => g.Sum(s => s.Sum), StringComparer.Ordinal);
}

/// <summary>Compares totals of stretches that may differ in length.</summary>
public static class Comparison
{
    /// <summary>The relative change per slot, such as 0.12; null when there is nothing to compare with.</summary>
    public static double? Change(double now, int slotsNow, double before, int slotsBefore) =>
        slotsNow == 0 || slotsBefore == 0 || before == 0 ? null : (now / slotsNow / (before / slotsBefore)) - 1;
}
