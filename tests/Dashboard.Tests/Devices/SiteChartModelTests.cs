using System.Collections.Immutable;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Devices;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Tests.Devices;

public sealed class SiteChartModelTests
{
    [Fact]
    public void Line_breaks_where_nothing_was_measured_and_time_runs_evenly_over_slots_of_any_length()
    {
        var period = Period((0, 60, 10), (60, 120, null), (120, 130, 20), (130, 140, 30));

        var model = SiteChartModel.Build(period, null);

        Assert.Equal(2, model.Lines[1].Path.Count(c => c == 'M'));
        Assert.StartsWith("M0 ", model.Lines[1].Path, StringComparison.Ordinal);
        Assert.Equal(130 / 140d, model.At(Ms(130)), 6);
        Assert.EndsWith("Z", model.Band, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", model.Band + model.Lines[0].Path + model.Lines[1].Path, StringComparison.Ordinal);
    }

    [Fact]
    public void Axis_holds_every_value_between_round_numbers()
    {
        var model = SiteChartModel.Build(Period((0, 1, -18.3), (1, 2, 27.9)), null);

        Assert.Equal((-20, 30), (model.Low, model.High));
        Assert.Equal([-20, -10, 0, 10, 20, 30], model.Ticks.ToArray());
        Assert.InRange(SiteChartModel.Build(Period((0, 1, 20)), null).High - SiteChartModel.Build(Period((0, 1, 20)), null).Low, 0.1, 10);
    }

    [Fact]
    public void Provisional_slots_begin_where_the_first_of_them_does()
    {
        var period = Period((0, 1, 10), (1, 2, 10), (2, 4, 10));
        var open = period with { Slots = period.Slots.SetItem(2, period.Slots[2] with { IsProvisional = true }) };

        Assert.Equal((1, 0.5), (SiteChartModel.Build(period, null).OpenFrom, SiteChartModel.Build(open, null).OpenFrom));
    }

    [Fact]
    public void Site_that_measured_nothing_has_no_line()
    {
        var model = SiteChartModel.Build(Period((0, 1, 10)), "nowhere");

        Assert.False(model.HasData);
        Assert.All(model.Lines, line => Assert.Equal("", line.Path));
    }

    [Fact]
    public void Of_all_sites_each_has_a_line_of_its_own_over_an_axis_that_holds_them()
    {
        var period = Period((0, 1, 99), (1, 2, 99));
        var (cold, warm) = (new SiteReading(1, -20, -18, -19, -18, 1, 0), new SiteReading(1, 20, 30, 25, 29, 1, 0));
        var slots = period.Slots.Select(slot => slot with { Sites = slot.Sites.Add("cold", cold).Add("warm", warm) }).ToImmutableArray();

        var model = SiteChartModel.Build(period with { Slots = slots.SetItem(1, slots[1] with { Sites = slots[1].Sites.Remove("warm") }) }, null, new Dictionary<string, int> { ["warm"] = 2, ["cold"] = 0 });

        Assert.Equal([("cold", 0), ("warm", 2)], model.Lines.Select(line => (line.Name, line.Color)).ToArray());
        Assert.Equal((-20, 30, ""), (model.Low, model.High, model.Band));
        Assert.Equal([25d, null], model.Lines[1].Values.ToArray());
    }

    [Fact]
    public void Resolution_is_told_for_each_part_of_the_range()
    {
        var period = Period((0, 60, 10), (60, 120, 10), (120, 121, 10), (121, 122, 10));
        var mixed = period with { Slots = [.. period.Slots.Select((slot, i) => slot with { Level = i < 2 ? "1h" : "1m" })] };

        Assert.Equal("by 1 h until 21 Nov, 14:00, then by 1 min", DeviceTexts.Resolution(mixed, Samples.Clock));
        Assert.Equal([("1h", 0d, 120 / 122d), ("1m", 120 / 122d, 1d)], SiteChartModel.Build(mixed, null).Stretches.ToArray());
    }

    [Fact]
    public void Numbers_that_are_unknown_are_a_dash()
    {
        Assert.Equal(("–", "–", "–"), (DeviceTexts.Degrees(null), DeviceTexts.Percent(null), DeviceTexts.Devices(null)));
        Assert.Equal(("−18.3", "(no site)", "all sites", "2 days"), (DeviceTexts.Degrees(-18.26), DeviceTexts.Site(""), DeviceTexts.Site(null), DeviceTexts.Slot(new Window(0, 172_800_000))));
    }

    /// <summary>Slots from one minute to another, each with one temperature; null: nothing.</summary>
    private static SitePeriod Period(params (int From, int To, double? Value)[] slots)
    {
        ImmutableArray<SiteSlot> made =
        [
            .. slots.Select(slot => new SiteSlot(
                new Window(Ms(slot.From), Ms(slot.To)), "1m", false, ImmutableDictionary<string, SiteReading>.Empty,
                slot.Value is { } value ? new SiteReading(1, value, value, value, value, 1, 0) : null)),
        ];
        return new SitePeriod(made, ImmutableDictionary<string, SiteReading>.Empty, null);
    }

    private static long Ms(int minute) => Samples.Minute(minute).ToUnixTimeMilliseconds();
}
