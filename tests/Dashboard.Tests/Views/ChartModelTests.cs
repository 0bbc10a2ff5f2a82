using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Views;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Views;

public class ChartModelTests
{
    private readonly SeriesRoster _roster = new();

    [Fact]
    public void The_largest_seven_have_a_series_and_the_others_share_one()
    {
        var period = Period([.. Enumerable.Range(1, 10).Select(i => Slice($"s{i:00}", i))]);

        var model = SalesChartModel.Build(period, new ViewState(), _roster, id => Store(id));

        Assert.Equal(["s10", "s09", "s08", "s07", "s06", "s05", "s04", SalesChartModel.OthersKey], model.Series.Select(s => s.Key));
        Assert.Equal(1 + 2 + 3, model.Series[^1].Total);
        Assert.Equal(55, model.Total);
    }

    [Theory]
    [InlineData("*others")]
    [InlineData("**others")]
    public void A_store_of_any_name_is_another_series_than_the_others(string name)
    {
        var period = Period([Slice(name, 99), .. Enumerable.Range(1, 10).Select(i => Slice($"s{i:00}", i))]);

        var model = SalesChartModel.Build(period, new ViewState().Toggle(SalesChartModel.OthersKey), _roster, id => Store(id));

        Assert.Equal(8, model.Series.Select(s => s.Key).Distinct().Count());
        Assert.Equal([SalesChartModel.OthersKey], model.Series.Where(s => s.IsHidden).Select(s => s.Key));
        Assert.Equal((99, 0), (model.Only(name, Store(name)).Total, model.Only(name, Store(name)).Series[0].Color));
    }

    [Fact]
    public void Nothing_is_called_others_when_every_store_has_a_series()
    {
        var model = SalesChartModel.Build(Period([Slice("a", 1), Slice("b", 2)]), new ViewState(), _roster, id => Store(id));

        Assert.Equal(["b", "a"], model.Series.Select(s => s.Key));
    }

    [Fact]
    public void A_store_keeps_its_colour_while_it_stays_near_the_top()
    {
        SalesChartModel.Build(Period([Slice("a", 9), Slice("b", 5)]), new ViewState(), _roster, id => Store(id));
        var later = SalesChartModel.Build(Period([Slice("a", 9), Slice("b", 50)]), new ViewState(), _roster, id => Store(id));

        Assert.Equal((0, 1), (later.Series.Single(s => s.Key == "a").Color, later.Series.Single(s => s.Key == "b").Color));
    }

    [Fact]
    public void A_store_that_fell_well_below_gives_its_place_to_a_newcomer()
    {
        var roster = new SeriesRoster(size: 2);
        roster.Update(["a", "b"]);

        Assert.Equal(["a", "b"], roster.Update(["c", "a", "b"]).Keys.Order());
        Assert.Equal(["c", "d"], roster.Update(["c", "d", "e", "f", "a", "b"]).Keys.Order());
    }

    [Fact]
    public void Amounts_are_of_stores_with_one_currency_only()
    {
        var period = Period([Slice("zurich", 5, 500), Slice("geneva", 5, 300), Slice("paris", 1, 9999)]);
        StoreInfo Described(string id) => Store(id, id == "paris" ? "EUR" : "CHF");

        var most = SalesChartModel.Build(period, new ViewState { Measure = Measure.Amount }, _roster, Described);
        var chosen = SalesChartModel.Build(period, new ViewState { Measure = Measure.Amount, Currency = "EUR" }, _roster, Described);

        Assert.Equal(("CHF", 800m), (most.Currency, most.Total));
        Assert.Equal(("EUR", 9999m), (chosen.Currency, chosen.Total));
    }

    [Fact]
    public void A_slot_with_one_open_window_is_provisional()
    {
        var period = Period([Slice("a", 1), Slice("b", 1)], [Slice("a", 1), Slice("b", 1, final: false)]);

        Assert.Equal([false, true], period.Slots.Select(s => s.IsProvisional));
        Assert.Single(period.Complete);
    }

    [Fact]
    public void A_minute_that_the_watermark_has_not_passed_is_provisional_even_without_a_sale()
    {
        var snapshot = Snapshot([Window(0, "a", 1), Window(2, "a", 1)], [Progress(watermark: Minute(1).AddSeconds(30))]);

        var slots = snapshot.Periods.Live(TimeSpan.FromMinutes(5))!.Slots;

        Assert.Equal([false, true, true], slots.TakeLast(3).Select(s => s.IsProvisional));
        Assert.Equal(0, slots[^2].Count);
    }

    [Theory]
    [InlineData(3, 1, new[] { false, true, true })]
    [InlineData(3, null, new[] { true, true, true })]
    [InlineData(3, 3, new[] { false, false, false })]
    public void A_minute_is_final_when_the_slowest_partition_has_passed_it(int fast, int? slow, bool[] provisional)
    {
        var snapshot = Snapshot(
            [Window(0, "a", 1), Window(1, "a", 1), Window(2, "a", 1)], [Progress(0, watermark: Minute(fast)), Progress(1, watermark: slow is { } minute ? Minute(minute) : null)]);

        Assert.Equal(provisional, snapshot.Periods.Live(TimeSpan.FromMinutes(5))!.Slots.TakeLast(3).Select(s => s.IsProvisional));
    }

    [Fact]
    public void A_series_switched_off_stays_in_the_legend()
    {
        var model = SalesChartModel.Build(Period([Slice("a", 1), Slice("b", 2)]), new ViewState().Toggle("a"), _roster, id => Store(id));

        Assert.True(model.Series.Single(s => s.Key == "a").IsHidden);
    }

    [Fact]
    public void A_live_range_is_rolled_up_once_for_all_browsers()
    {
        var snapshot = Snapshot([Window(0, "a", 1)]);

        Assert.Same(snapshot.Periods.Live(TimeSpan.FromMinutes(15)), snapshot.Periods.Live(TimeSpan.FromMinutes(15)));
    }
}
