using Streaming.Dashboard.Shop;
using static Streaming.Dashboard.Tests.Samples;
using static Streaming.Dashboard.Tests.Shop.ShopSamples;

namespace Streaming.Dashboard.Tests.Shop;

public sealed class MoversTests
{
    [Fact]
    public void A_move_goes_from_the_price_before_the_first_change_to_the_last_one()
    {
        var mover = Assert.Single(Of(Row(0, "lamp", [(9000, 10_000), (8500, 9000), (12_000, 8500), (8000, 12_000)])));

        Assert.Equal((100m, 80m, 80m, 120m, 4L), (mover.Opening, mover.Last, mover.Low, mover.High, mover.Changes));
        Assert.Equal(-0.2, mover.Move!.Value, 12);
    }

    [Fact]
    public void Without_a_price_before_it_the_first_change_opens()
    {
        var mover = Assert.Single(Of(Row(0, "lamp", [(10_000, null)]), Row(1, "lamp", [(11_000, 10_000)])));

        Assert.Equal((100m, 110m, 0.1), (mover.Opening, mover.Last, mover.Move!.Value));
    }

    [Fact]
    public void Windows_that_follow_each_other_are_one_move_in_whatever_order_they_come()
    {
        var mover = Assert.Single(Of(Row(7, "lamp", [(200, 150)]), Row(0, "lamp", [(110, 100)]), Row(3, "lamp", [(120, 110), (150, 120)])));

        Assert.Equal((1m, 2m, 1.1m, 2m, 4L, 3), (mover.Opening, mover.Last, mover.Low, mover.High, mover.Changes, mover.Windows));
    }

    [Fact]
    public void The_biggest_comes_first_up_or_down_and_equals_have_an_order()
    {
        var movers = Of(Row(0, "a", [(101, 100)]), Row(0, "b", [(80, 100)]), Row(0, "c", [(110, 100)]), Row(0, "e", [(90, 100)]), Row(0, "d", [(90, 100)]));

        Assert.Equal(["b", "c", "d", "e", "a"], movers.Select(mover => mover.Product.Id));
    }

    [Fact]
    public void From_a_price_of_zero_no_share_can_be_told_and_it_comes_last()
    {
        var movers = Of(Row(0, "free", [(500, 0)]), Row(0, "lamp", [(100, 100)]));

        Assert.Equal(["lamp", "free"], movers.Select(mover => mover.Product.Id));
        Assert.Null(movers[1].Move);
    }

    [Fact]
    public void A_window_whose_state_cannot_be_read_is_no_mover_and_takes_no_other_with_it() =>
        Assert.Equal(["lamp"], Of(Row(0, "broken", [(100, 50)]) with { StateBytes = [1, 2, 3] }, Row(0, "lamp", [(100, 50)])).Select(mover => mover.Product.Id));

    [Fact]
    public void Moves_equal_those_of_the_changes_one_by_one()
    {
        var random = new Random(4);
        var rows = new List<Dashboard.Pipelines.StoredRow>();
        var expected = new Dictionary<string, (long Opening, long Last, long Changes)>();
        for (var product = 0; product < 30; product++)
        {
            var (price, opening, changes) = (random.NextInt64(100, 9000), 0L, 0L);
            opening = price;
            for (var minute = 0; minute < 10; minute++)
            {
                var inMinute = Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
                {
                    var previous = price;
                    return (price = random.NextInt64(100, 9000), (long?)previous);
                }).ToArray();
                changes += inMinute.Length;
                rows.Add(Row(minute, $"p{product}", inMinute));
            }

            expected.Add($"p{product}", (opening, price, changes));
        }

        var movers = Of([.. rows]);

        Assert.Equal(expected, movers.ToDictionary(mover => mover.Product.Id, mover => ((long)(mover.Opening * 100), (long)(mover.Last * 100), mover.Changes)));
        Assert.Equal(movers.Select(mover => Math.Abs(mover.Move!.Value)).OrderDescending(), movers.Select(mover => Math.Abs(mover.Move!.Value)));
    }

    private static List<Mover> Of(params Dashboard.Pipelines.StoredRow[] rows)
    {
        var period = Period(Products, Minute(30), rows);
        return [.. Movers.Of(period.Columns.SelectMany(column => column.Cells), period.Plan, ProductLabels.Empty)];
    }
}
