using Streaming.Dashboard.Shop;
using Streaming.Dashboard.Views;
using static Streaming.Dashboard.Tests.Samples;
using static Streaming.Dashboard.Tests.Shop.ShopSamples;

namespace Streaming.Dashboard.Tests.Shop;

public sealed class ShopModelTests
{
    [Fact]
    public void Tiles_count_complete_places_and_tell_open_ones_apart()
    {
        var period = Period(Products, Minute(2).AddSeconds(20), Row(0, "a", [(90, 100), (80, 90)]), Row(1, "a", [(88, 80)]), Row(1, "b", [(50, null)]), Row(2, "b", [(60, 50)], final: false));

        var tiles = ShopTiles.Of(period, []);

        Assert.Equal((2.0, 5L, 1L, 2), (tiles.PerMinute, tiles.Changes, tiles.OpenChanges, tiles.Products));
        Assert.Equal("2 2 / 1 2", $"{string.Join(' ', tiles.ChangesByPlace)} / {string.Join(' ', tiles.ProductsByPlace)}");
        Assert.Null(tiles.PerMinuteChange);
    }

    [Fact]
    public void The_mean_change_is_over_the_changes_that_name_a_price_before()
    {
        // −10 %, −11.11 %, +10 %, +20 %; the first price of b is compared with nothing.
        var tiles = ShopTiles.Of(Period(Products, Minute(9), Row(0, "a", [(90, 100), (80, 90)]), Row(1, "a", [(88, 80)]), Row(1, "b", [(50, null), (60, 50)])), []);

        Assert.Equal((4L, (-10m - 11.11m + 10m + 20m) / 4), (tiles.Compared, tiles.MeanChange));
        Assert.Equal(("a", -11.11m), tiles.Cuts);
    }

    [Fact]
    public void What_is_not_known_is_no_zero()
    {
        var tiles = ShopTiles.Of(Period(Products, Minute(0).AddSeconds(20), Row(0, "a", [(50, null)], final: false)), []);

        Assert.Null(tiles.PerMinute);
        Assert.Null(tiles.MeanChange);
        Assert.Null(tiles.Cuts);
        Assert.Equal(0, tiles.Compared);
    }

    [Fact]
    public void A_live_range_is_compared_with_the_places_before_it_if_all_of_them_are_there()
    {
        // Minutes 0 to 5 with 1 to 6 changes, and the open minute 6 with none.
        var period = Period(Products, Minute(6).AddSeconds(10), [.. Enumerable.Range(0, 6).Select(minute => Row(minute, "a", [.. Enumerable.Repeat((90L, (long?)100), minute + 1)]))]);

        var (before, range) = ShopModel.Split(period, 3);
        Assert.Equal((3, 3), (before.Length, range.Columns.Length));
        Assert.Equal(((5 + 6) / 2.0 / ((2 + 3 + 4) / 3.0)) - 1, ShopTiles.Of(range, before).PerMinuteChange!.Value, 12);
        Assert.Empty(ShopModel.Split(period, 4).Before);
        Assert.Equal(7, ShopModel.Split(period, 60).Range.Columns.Length);
    }

    [Fact]
    public void Shares_are_merged_over_partitions_and_add_up_to_the_whole()
    {
        var period = Period(Categories, Minute(9), Share(0, "Audio", 6, 2), Share(0, "Audio", 2, 1, partition: 1), Share(1, "Books", 2, 0), Share(1, "unknown", 0, 0, partition: 1));

        var shares = CategoryShares.Of(period, new SeriesRoster());

        Assert.Equal(10, shares.Total);
        Assert.Equal([("Audio", 8L, 0.8, (long?)3), ("Books", 2L, 0.2, 0L)], shares.Shares.Where(share => share.Changes > 0).Select(share => (share.Name, share.Changes, share.Share, share.Cuts)));
    }

    [Fact]
    public void With_many_categories_the_small_ones_stand_together_and_nothing_is_lost()
    {
        var period = Period(Categories, Minute(9), [.. Enumerable.Range(1, 400).Select(i => Share(0, $"<b>{i}</b>", i, 0))]);

        var shares = CategoryShares.Of(period, new SeriesRoster());

        Assert.Equal(8, shares.Shares.Length);
        Assert.Equal("393 others", shares.Shares[^1].Name);
        Assert.Equal((400 * 401 / 2, 1.0), (shares.Shares.Sum(share => share.Changes), Math.Round(shares.Shares.Sum(share => share.Share), 9)));
    }

    [Fact]
    public void A_history_holds_the_products_own_places_and_leaves_the_others_empty()
    {
        var period = Period(Products, Minute(9), Row(0, "a", [(1000, 900), (1200, 1000)]), Row(1, "b", [(50, 40)]), Row(2, "a", [(1100, 1200)], late: 3));

        var history = PriceHistory.Of(period, ProductLabels.Empty["a"]);

        Assert.Equal([(0, 12m, 10m, 12m), (2, 11m, 11m, 11m)], history.Points.Select(point => (point.Column, point.Last, point.Low, point.High)));
        Assert.Equal([12.0, null, 11.0], history.Chart.Series[0].Values.Take(3));
        Assert.Equal((3, 3), (history.Chart.Period.Late, history.Chart.Period.Rows.Sum(row => row.Basic.Count)));
        Assert.True(history.Axis.From < 10 && history.Axis.To > 12 && (history.Axis.To - history.Axis.From) / history.Axis.Step <= 10);
    }

    [Fact]
    public void A_history_looks_the_same_until_its_own_product_changes()
    {
        var before = PriceHistory.Of(Period(Products, Minute(1), Row(0, "a", [(1000, 900)]), Row(0, "b", [(50, 40)])), ProductLabels.Empty["a"]);

        Assert.True(PriceHistory.Of(Period(Products, Minute(1), Row(0, "a", [(1000, 900)]), Row(0, "b", [(60, 40)])), ProductLabels.Empty["a"]).ShowsTheSameAs(before));
        Assert.False(PriceHistory.Of(Period(Products, Minute(1), Row(0, "a", [(1000, 900), (1000, 1000)])), ProductLabels.Empty["a"]).ShowsTheSameAs(before));
        Assert.False(PriceHistory.Of(Period(Products, Minute(2), Row(0, "a", [(1000, 900)])), ProductLabels.Empty["a"]).ShowsTheSameAs(before));
        Assert.False(before.ShowsTheSameAs(null));
    }

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.05, 0.05)]
    [InlineData(19.9, 19.9)]
    [InlineData(18.45, 21.3)]
    [InlineData(0.0, 100_000_000.0)]
    public void The_price_axis_has_round_steps_around_the_prices(double low, double high)
    {
        var (from, to, step) = PriceHistory.AxisOf([new PricePoint(0, (decimal)high, (decimal)low, (decimal)high)]);

        Assert.True(from <= low && to > high && step >= 0.01, $"{from} to {to} by {step}");
        Assert.InRange((to - from) / step, 1, 10.001);
    }

    [Fact]
    public void A_product_without_a_change_has_no_history() =>
        Assert.Empty(PriceHistory.Of(Period(Products, Minute(9), Row(0, "a", [(1000, 900)])), ProductLabels.Empty["nope"]).Points);

    [Theory]
    [InlineData(-0.2, "−20.0 %")]
    [InlineData(0.00301, "+0.30 %")]
    [InlineData(0.0, "0.00 %")]
    [InlineData(12.5, "+1,250.0 %")]
    [InlineData(null, "–")]
    public void A_move_has_its_sign(double? share, string text) => Assert.Equal(text, PriceText.Move(share));
}
