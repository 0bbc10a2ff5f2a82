using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Views;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Views;

public class OverviewModelTests
{
    private static StoreInfo Described(string id) => Store(id, id.StartsWith('p') ? "EUR" : "CHF");

    [Fact]
    public void Sales_per_minute_leave_out_the_open_minute()
    {
        var model = OverviewModel.Build(Period([Slice("a", 10)], [Slice("a", 20)], [Slice("a", 1, final: false)]), 12, Described);

        Assert.Equal(15, model.SalesPerMinute);
        Assert.Equal((31, 1), (model.Sales, model.OpenSales));
    }

    [Fact]
    public void Sales_per_minute_are_unknown_while_no_minute_is_complete()
    {
        Assert.Null(OverviewModel.Build(Period([Slice("a", 1, final: false)]), 12, Described).SalesPerMinute);
    }

    [Fact]
    public void Minutes_before_the_first_data_of_all_are_unknown_and_not_zero()
    {
        Assert.Equal(20, OverviewModel.Build(Period([], [Slice("a", 20)]), 1, Described).SalesPerMinute);
        Assert.Equal(10, OverviewModel.Build(Period([], [Slice("a", 20)]) with { Previous = Period([Slice("a", 1)], []) }, 1, Described).SalesPerMinute);
    }

    [Fact]
    public void Unknown_stores_are_not_counted_among_the_known_ones()
    {
        var model = OverviewModel.Build(Period([Slice("a", 1), Slice("ghost", 1)]), 1, id => id == "ghost" ? StoreInfo.Unknown(id) : Described(id));

        Assert.Equal((1, 1, 1), (model.ActiveStores, model.KnownStores, model.UnknownStores));
    }

    [Fact]
    public void A_change_compares_rates_and_not_totals_of_unequal_lengths()
    {
        var period = Period([Slice("a", 15)], [Slice("a", 3, final: false)]) with { Previous = Period([Slice("a", 10)], [Slice("a", 10)]) };

        Assert.Equal(0.5, OverviewModel.Build(period, 1, Described).SalesChange!.Value, 6);
    }

    [Fact]
    public void Without_a_previous_period_no_change_is_claimed()
    {
        var model = OverviewModel.Build(Period([Slice("a", 15)]), 1, Described);

        Assert.Null(model.SalesChange);
        Assert.Null(model.ActiveChange);
        Assert.Null(model.LateChange);
    }

    [Fact]
    public void A_previous_period_that_the_data_covers_only_in_part_is_none()
    {
        var snapshot = Snapshot([Window(0, "a", 1), Window(7, "a", 1)]);

        Assert.Null(snapshot.Periods.Live(TimeSpan.FromMinutes(5))!.Previous);
        Assert.NotNull(Snapshot([Window(0, "a", 1), Window(9, "a", 1)]).Periods.Live(TimeSpan.FromMinutes(5))!.Previous);
    }

    [Fact]
    public void Amounts_of_different_currencies_are_never_added_up()
    {
        var totals = OverviewModel.Build(Period([Slice("zurich", 5, 500), Slice("paris", 9, 70), Slice("geneva", 1, 11)]), 3, Described).Currencies;

        Assert.Equal([("EUR", 70m, 1), ("CHF", 511m, 2)], totals.Select(t => (t.Currency, t.Amount, t.Stores)));
    }

    [Fact]
    public void An_unknown_store_has_no_currency_and_is_shown_as_its_id()
    {
        var snapshot = Snapshot([Window(0, "ghost", 2, 40), Window(0, "", 1, 5)]);

        Assert.Equal(("ghost", "unknown store", "", false), Parts(snapshot.Store("ghost")));
        Assert.Equal("(empty id)", snapshot.Store("").Name);
    }

    [Fact]
    public void Late_events_are_a_share_of_all_events()
    {
        var model = OverviewModel.Build(Period([Slice("a", 98, late: 2)]), 1, Described);

        Assert.Equal((2, 0.02), (model.Late, model.LateShare));
    }

    private static (string, string, string, bool) Parts(StoreInfo store) => (store.Name, store.City, store.Currency, store.IsKnown);
}
