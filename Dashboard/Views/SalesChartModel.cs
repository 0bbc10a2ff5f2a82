using System.Collections.Immutable;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Views;

/// <summary>One store, or all that have no series of their own.</summary>
/// <param name="Key">What it is called in the address: <see cref="SalesChartModel.KeyOf"/> of the store id, or <see cref="SalesChartModel.OthersKey"/>.</param>
/// <param name="Name">What the legend says.</param>
/// <param name="Detail">The city, or how many stores "others" are.</param>
/// <param name="Color">Its place in the palette; <see cref="SalesChartModel.OthersColor"/> for others.</param>
/// <param name="Values">One value per slot: sales, or their amount.</param>
/// <param name="IsHidden">Whether it was switched off.</param>
public sealed record ChartSeries(string Key, string Name, string Detail, int Color, ImmutableArray<decimal> Values, bool IsHidden)
{
    public decimal Total { get; } = Values.Sum();
}

/// <summary>The main chart and the donut: the largest stores and "others", over the slots of a range.</summary>
public sealed record SalesChartModel(SalesPeriod Period, Measure Measure, string? Currency, ImmutableArray<ChartSeries> Series)
{
    /// <summary>No store's key.</summary>
    public const string OthersKey = "*others";

    public const int OthersColor = 7;

    /// <summary>The key of a store's series: its id, which may be any text; after one more asterisk where it begins with one, so that no id is "others".</summary>
    public static string KeyOf(string storeId)
    {
        ArgumentNullException.ThrowIfNull(storeId);
        return storeId.StartsWith('*') ? "*" + storeId : storeId;
    }

    /// <summary>Of all series, hidden ones too.</summary>
    public decimal Total { get; private init; } = Series.Sum(s => s.Total);

    /// <summary>The part of the whole that <paramref name="series"/> is, 0 to 1.</summary>
    public double Share(ChartSeries series) => Total == 0 ? 0 : (double)(series.Total / Total);

    /// <summary>Builds the model of <paramref name="period"/>; <paramref name="roster"/> remembers who had which colour.</summary>
    public static SalesChartModel Build(SalesPeriod period, ViewState view, SeriesRoster roster, Func<string, StoreInfo> store)
    {
        ArgumentNullException.ThrowIfNull(period);
        var currency = view.Measure == Measure.Amount ? CurrencyOf(period, view, store) : null;
        var shown = currency is null ? period : period.Where(slice => store(slice.StoreId).Currency == currency);
        decimal Value(StoreSlice slice) => currency is null ? slice.Count : slice.Sum;

        var largest = shown.Slots.SelectMany(s => s.Stores).GroupBy(s => s.StoreId, StringComparer.Ordinal)
            .Select(g => (Id: g.Key, Total: g.Sum(Value))).Where(s => s.Total > 0)
            .OrderByDescending(s => s.Total).ThenBy(s => s.Id, StringComparer.Ordinal).Select(s => s.Id).ToList();
        var places = roster.Update(largest);
        var own = largest.Where(places.ContainsKey).OrderBy(id => places[id]).Select(id =>
        {
            var info = store(id);
            return new ChartSeries(KeyOf(id), info.Name, info.City, places[id], Values(shown, slice => slice.StoreId == id, Value), view.Hidden.Contains(KeyOf(id)));
        });
        var rest = largest.Count(id => !places.ContainsKey(id));
        ImmutableArray<ChartSeries> others = rest == 0
            ? []
            : [new ChartSeries(OthersKey, "Others", rest == 1 ? "1 store" : $"{rest} stores", OthersColor, Values(shown, slice => !places.ContainsKey(slice.StoreId), Value), view.Hidden.Contains(OthersKey))];
        return new SalesChartModel(shown, view.Measure, currency, [.. own, .. others]);
    }

    /// <summary>One store alone, in the colour that it has among all.</summary>
    public SalesChartModel Only(string storeId, StoreInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        var period = Period.Where(slice => slice.StoreId == storeId);
        var color = Series.FirstOrDefault(s => s.Key == KeyOf(storeId))?.Color ?? OthersColor;
        var values = Values(period, _ => true, slice => Measure == Measure.Amount ? slice.Sum : slice.Count);
        return this with { Period = period, Series = [new ChartSeries(KeyOf(storeId), info.Name, info.City, color, values, IsHidden: false)], Total = values.Sum() };
    }

    /// <summary>The chosen currency, or the one with the most sales. Amounts of several are never added up.</summary>
    private static string CurrencyOf(SalesPeriod period, ViewState view, Func<string, StoreInfo> store)
    {
        var currencies = CurrencyTotals.Of(period, store);
        return currencies.Any(c => c.Currency == view.Currency) ? view.Currency! : currencies.FirstOrDefault()?.Currency ?? view.Currency ?? "";
    }

    private static ImmutableArray<decimal> Values(SalesPeriod period, Func<StoreSlice, bool> of, Func<StoreSlice, decimal> value) =>
        [.. period.Slots.Select(slot => slot.Stores.Where(of).Sum(value))];
}
