using System.Collections.Immutable;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Tests.Views;

public class StackedAreasTests
{
    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(7, 2, 8)]
    [InlineData(100, 20, 100)]
    [InlineData(101, 50, 150)]
    [InlineData(0.3, 0.1, 0.3)]
    [InlineData(double.NaN, 1, 1)]
    [InlineData(1e30, 2e29, 1e30)]
    public void An_axis_has_round_steps_and_ends_at_or_above_the_largest_value(double largest, double step, double top)
    {
        var axis = ValueAxis.For(largest);

        Assert.Equal(step, axis.Step, step * 1e-9);
        Assert.Equal(top, axis.Top, top * 1e-9);
    }

    [Fact]
    public void A_second_series_lies_on_the_first_and_both_reach_the_edges()
    {
        var areas = StackedAreas.Of([[10m, 20m], [10m, 0m]]);

        Assert.Equal(20, areas.Axis.Top);
        Assert.Equal("M0,500L250,500L750,0L1000,0L1000,1000L750,1000L250,1000L0,1000Z", areas.Paths[0]);
        Assert.Equal("M0,0L250,0L750,0L1000,0L1000,0L750,0L250,500L0,500Z", areas.Paths[1]);
    }

    [Fact]
    public void An_area_begins_where_something_is_known() =>
        Assert.Equal("M500,0L750,0L1000,0L1000,1000L750,1000L500,1000Z", Assert.Single(StackedAreas.Of([[0m, 5m]], first: 1).Paths));

    [Fact]
    public void Nothing_to_draw_is_no_error()
    {
        Assert.Empty(StackedAreas.Of([]).Paths);
        Assert.Equal("", Assert.Single(StackedAreas.Of([ImmutableArray<decimal>.Empty]).Paths));
    }
}
