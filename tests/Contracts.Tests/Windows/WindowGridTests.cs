using Streaming.Contracts.Windows;

namespace Streaming.Contracts.Tests.Windows;

/// <summary>Times are milliseconds.</summary>
public sealed class WindowGridTests
{
    private static readonly WindowSpec[] Specs =
    [
        WindowSpecs.Tumbling(Ms(7), Ms(3)), WindowSpecs.Hopping(Ms(10), Ms(4), Ms(1)), WindowSpecs.Hopping(Ms(12), Ms(3)), WindowSpecs.Hopping(Ms(7), Ms(5), Ms(4)),
        WindowSpecs.Cumulative(Ms(12), Ms(4), Ms(5)), WindowSpecs.Days("Europe/Zurich"),
    ];

    [Fact]
    public void Windows_over_a_slice_are_those_that_contain_it_and_each_contains_it_wholly()
    {
        foreach ((WindowGrid grid, long time) in Cases())
        {
            Window slice = grid.SliceOf(time);
            Window[] over = [.. grid.WindowsOver(slice)];
            Assert.True(slice.Contains(time));
            Assert.All(over, window => Assert.True(window.StartMs <= slice.StartMs && slice.EndMs <= window.EndMs && grid.IsWindow(window)));
            Assert.Equal(over.OrderBy(window => window.EndMs), over);
            Assert.Equal((grid.FirstOver(slice), grid.LastOver(slice)), (over[0], over[^1]));
            Assert.Equal(over.Length, over.Distinct().Count());
        }
    }

    [Fact]
    public void Windows_that_overlap_a_range_are_those_over_its_slices()
    {
        foreach ((WindowGrid grid, long time) in Cases().Where(c => c.Time < 100))
        {
            var range = new Window(time, time + 25);
            IEnumerable<Window> expected = Enumerable.Range(0, 25).SelectMany(i => grid.WindowsOver(grid.SliceOf(time + i))).Distinct().OrderBy(window => window.EndMs);
            Assert.Equal(expected, grid.WindowsOverlapping(range));
        }
    }

    [Fact]
    public void The_first_window_that_ends_after_a_moment_is_found_without_trying_all()
    {
        foreach ((WindowGrid grid, long time) in Cases())
        {
            Window slice = grid.SliceOf(time);
            foreach (long moment in Enumerable.Range(-30, 60).Select(i => time + i).Append(long.MinValue).Append(long.MaxValue))
            {
                Assert.Equal(
                    grid.WindowsOver(slice).Cast<Window?>().FirstOrDefault(window => window!.Value.EndMs > moment), grid.FirstOverEndingAfter(slice, moment));
            }
        }
    }

    [Fact]
    public void Hopping_windows_of_10_with_hop_4_have_panes_of_2_and_five_of_them()
    {
        WindowGrid grid = WindowGrid.Of(WindowSpecs.Hopping(Ms(10), Ms(4)));
        Assert.Equal(new Window(8, 10), grid.SliceOf(9));
        Assert.Equal([new Window(0, 10), new Window(4, 14), new Window(8, 18)], grid.WindowsOver(new Window(8, 10)));
    }

    [Fact]
    public void Cumulative_windows_share_their_start()
    {
        WindowGrid grid = WindowGrid.Of(WindowSpecs.Cumulative(Ms(12), Ms(4)));
        Assert.Equal([new Window(0, 8), new Window(0, 12)], grid.WindowsOver(grid.SliceOf(5)));
        Assert.Equal(new Window(12, 16), grid.After(new Window(0, 12)));
    }

    [Fact]
    public void Sessions_have_no_grid_and_windows_of_too_many_panes_are_refused()
    {
        Assert.Throws<ArgumentException>(() => WindowGrid.Of(WindowSpecs.Session(Ms(5))));
        Assert.Contains("more than 10000 panes", WindowSpecs.Hopping(TimeSpan.FromDays(1), TimeSpan.FromSeconds(7)).Problem(), StringComparison.Ordinal);
        Assert.Contains("more than 10000 panes", WindowSpecs.Cumulative(TimeSpan.FromDays(1), TimeSpan.FromSeconds(1)).Problem(), StringComparison.Ordinal);
        Assert.Null(WindowSpecs.Hopping(TimeSpan.FromDays(1), TimeSpan.FromSeconds(10)).Problem());
    }

    private static IEnumerable<(WindowGrid Grid, long Time)> Cases() =>
        from spec in Specs
        from time in Enumerable.Range(-40, 80).Select(i => (long)i).Append(1_700_000_000_123)
        select (WindowGrid.Of(spec), time);

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
