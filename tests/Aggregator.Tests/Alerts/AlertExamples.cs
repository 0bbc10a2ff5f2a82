using Streaming.Aggregator.Alerts;
using Streaming.Contracts.Windows;
using static Streaming.Aggregator.Tests.Alerts.AlertTimeline;

namespace Streaming.Aggregator.Tests.Alerts;

public sealed class AlertExamples
{
    private static readonly AlertRules.WatchedWindows Sum = AlertRules.When("rule", "sum").In("10s");
    private static readonly AlertRules.WatchedWindows Mean = AlertRules.When("rule", "mean").In("10s");
    private static readonly AbsenceRule Silence = AlertRules.When("rule").In("10s").NoEvents();

    [Fact]
    public void Threshold_fires_beyond_its_limit_and_not_at_it()
    {
        var line = new AlertTimeline(Sum.Above(100));

        Assert.Empty(line.Row(0, 100));
        Assert.Equal(["firing a at 20: 101 against 100"], line.Row(10, 101));
        Assert.Equal(["resolved a at 30: 100 against 100"], line.Row(20, 100));
    }

    [Fact]
    public void Hysteresis_keeps_an_alert_firing_until_the_measure_has_come_back_far_enough()
    {
        var line = new AlertTimeline(Sum.Below(100).ClearAbove(150));

        Assert.Equal(["firing a at 10: 99 against 100"], line.Row(0, 99));
        Assert.Empty(line.Row(10, 149));
        Assert.Empty(line.Row(20, 60));
        Assert.Equal(["resolved a at 40: 150 against 150"], line.Row(30, 150));
    }

    [Fact]
    public void For_waits_until_the_condition_has_held_without_a_break()
    {
        // [0 ─ 10)[10 ─ 20)[20 ─ 30)[30 ─ 40)[40 ─ 50)[50 ─ 60)   above 100 for 30 s
        //   101      101      100      101      101      101 → fires
        var line = new AlertTimeline(Sum.Above(100).For(TimeSpan.FromSeconds(30)));

        long[] sums = [101, 101, 100, 101, 101];
        Assert.All(sums.Index(), sum => Assert.Empty(line.Row(sum.Index * 10, sum.Item)));
        Assert.Equal(["firing a at 60: 101 against 100"], line.Row(50, 101));
    }

    [Fact]
    public void Window_without_a_row_breaks_the_run_of_a_measure_that_has_no_value_then()
    {
        var line = new AlertTimeline(Mean.Above(100).For(TimeSpan.FromSeconds(20)));

        Assert.Empty(line.Row(0, 200));
        Assert.Empty(line.Row(20, 200));
        Assert.Equal(["firing a at 40: 200 against 100"], line.Row(30, 200));
        Assert.Empty(line.Reach(500));
    }

    [Fact]
    public void Sum_of_a_window_without_events_is_zero_and_below_a_limit()
    {
        var line = new AlertTimeline(Sum.Below(100).For(TimeSpan.FromSeconds(20)));

        Assert.Empty(line.Row(0, 500));
        Assert.Empty(line.Reach(29));
        Assert.Equal(["firing a at 30: 0 against 100"], line.Reach(30));
        Assert.Equal(["resolved a at 50: 500 against 100"], line.Row(40, 500));
    }

    [Fact]
    public void Windows_close_after_their_grace_and_so_do_those_without_a_row()
    {
        var line = new AlertTimeline(grace: 5, Silence);

        Assert.Empty(line.Take(15, RowOf(Ten, 0, 10, "a", 1)));
        Assert.Empty(line.Reach(24));
        Assert.Equal(["firing a at 20"], line.Reach(25));
    }

    [Fact]
    public void Absence_fires_for_a_key_that_had_events_and_is_resolved_by_the_next()
    {
        var line = new AlertTimeline(Silence.For(TimeSpan.FromSeconds(20)));

        Assert.Empty(line.Reach(1000));
        Assert.Empty(line.Row(1000, 1));
        Assert.Empty(line.Row(1020, 1));
        Assert.Equal(["firing a at 1050"], line.Reach(1055));
        Assert.Equal(["resolved a at 1070"], line.Row(1060, 1));
    }

    [Fact]
    public void Transition_within_a_gap_is_found_in_its_place_when_a_later_row_comes_in_the_same_take()
    {
        var line = new AlertTimeline(Silence);

        Assert.Empty(line.Row(0, 1));
        Assert.Equal(["firing a at 20", "resolved a at 100"], line.Row(90, 1));
    }

    [Fact]
    public void Key_without_events_is_forgotten_and_what_fires_is_resolved()
    {
        var line = new AlertTimeline(Silence.ForgetAfter(TimeSpan.FromMinutes(1)));

        line.Row(0, 1);
        Assert.Equal(["firing a at 20"], line.Reach(69));
        Assert.Single(line.Stored);
        Assert.Equal(["forgotten a at 70"], line.Reach(70));
        Assert.Empty(line.Stored);
        Assert.Empty(line.Row(200, 1));
    }

    [Fact]
    public void Key_that_comes_back_in_the_last_window_before_it_would_be_forgotten_is_not()
    {
        var line = new AlertTimeline(Silence.ForgetAfter(TimeSpan.FromMinutes(1)));

        line.Row(0, 1);
        Assert.Equal(["firing a at 20", "resolved a at 70"], line.Row(60, 1));
    }

    [Fact]
    public void Change_compares_with_the_mean_of_the_previous_windows()
    {
        // 100  120  80 │ mean 100, half of it 50: 50 fires │ mean 83.3: 42 and more is over
        var line = new AlertTimeline(Sum.DropsBy(0.5, previous: 3));

        Assert.All([(0, 100), (10, 120), (20, 80)], row => Assert.Empty(line.Row(row.Item1, row.Item2)));
        Assert.Equal(["firing a at 40: 50 against 50"], line.Row(30, 50));
        Assert.Equal(["resolved a at 50: 60 against 41.67"], line.Row(40, 60));
    }

    [Fact]
    public void Relative_change_against_a_mean_of_zero_says_nothing()
    {
        var line = new AlertTimeline(Sum.RisesBy(0.5, previous: 2));

        line.Row(0, 1);
        Assert.Empty(line.Reach(50));
        Assert.Empty(line.Row(50, 1_000_000));
    }

    [Fact]
    public void Windows_without_events_are_zeros_in_the_baseline_of_a_sum()
    {
        var line = new AlertTimeline(Sum.DiffersBy(10, previous: 2, Direction.Down));

        line.Row(0, 20);
        line.Row(10, 20);
        Assert.Equal(["firing a at 30: 0 against 10", "resolved a at 50: 0 against -10"], line.Reach(60));
    }

    [Fact]
    public void Deviation_is_measured_in_standard_deviations_of_the_baseline()
    {
        // 10 12 14 16 18: mean 14, sample deviation 3.162; three of them are 9.49
        var line = new AlertTimeline(Sum.DeviatesBy(3, baseline: 5, leastBaseline: 5));
        for (var i = 0; i < 5; i++)
        {
            Assert.Empty(line.Row(i * 10, 10 + (2 * i)));
        }

        Assert.Equal(["firing a at 60: 24 against 23.49"], line.Row(50, 24));
    }

    [Fact]
    public void Level_baseline_says_nothing_without_a_least_spread()
    {
        var (without, with) = (new AlertTimeline(Sum.DeviatesBy(3, 4)), new AlertTimeline(Sum.DeviatesBy(3, 4, leastSpread: 2)));
        for (var i = 0; i < 4; i++)
        {
            without.Row(i * 10, 7);
            with.Row(i * 10, 7);
        }

        Assert.Empty(without.Row(40, 700));
        Assert.Equal(["firing a at 50: 13 against 13"], with.Row(40, 13));
    }

    [Fact]
    public void Hopping_windows_count_the_event_time_that_they_cover()
    {
        var line = new AlertTimeline(AlertRules.When("rule", "sum").In("30s/10s").Above(5).For(TimeSpan.FromSeconds(50)));

        Assert.Empty(line.Take(30, RowOf(ThirtyByTen, 0, 30, "a", 6)));
        Assert.Empty(line.Take(40, RowOf(ThirtyByTen, 10, 40, "a", 6)));
        Assert.Equal(["firing a at 50: 6 against 5"], line.Take(50, RowOf(ThirtyByTen, 20, 50, "a", 6)));
    }

    [Fact]
    public void Sessions_are_judged_each_alone()
    {
        var line = new AlertTimeline(AlertRules.When("rule", "sum").In("session-5s").Above(5));

        Assert.Equal(["firing a at 17: 6 against 5"], line.Take(20, RowOf(Bursts, 3, 17, "a", 6)));
        Assert.Empty(line.Reach(80_000));
        Assert.Equal(["resolved a at 80017: 5 against 5"], line.Take(80_020, RowOf(Bursts, 80_003, 80_017, "a", 5)));
    }

    [Fact]
    public void Days_follow_the_clocks_of_their_zone()
    {
        // 29 March 2026 has 23 hours in Zurich.
        var before = Seconds("2026-03-27T23:00:00Z");
        var line = new AlertTimeline(AlertRules.When("rule").In("day-Europe/Zurich").NoEvents().ForgetAfter(TimeSpan.FromDays(30)));

        line.Take(before + 86_400, RowOf(Days, before, before + 86_400, "a", 1));
        Assert.Empty(line.Reach(before + 86_400 + (23 * 3600) - 1));
        Assert.Equal([$"firing a at {before + 86_400 + (23 * 3600)}"], line.Reach(before + 86_400 + (23 * 3600)));
    }

    [Fact]
    public void Cumulative_windows_start_anew_with_each_period()
    {
        var line = new AlertTimeline(AlertRules.When("rule", "sum").In("1h..20m").Below(10));

        Assert.Empty(line.Take(3600, RowOf(HourByTwenty, 0, 3600, "a", 50)));
        Assert.Equal(["firing a at 4800: 0 against 10"], line.Reach(4800));
        Assert.Equal(["resolved a at 6000: 10 against 10"], line.Take(6000, RowOf(HourByTwenty, 3600, 6000, "a", 10)));
    }

    [Fact]
    public void Rule_that_has_nothing_to_remember_stores_nothing()
    {
        var line = new AlertTimeline(Sum.Above(100));

        line.Row(0, 50);
        Assert.Empty(line.Stored);
        line.Row(10, 150);
        Assert.Single(line.Stored);
        line.Row(20, 50);
        Assert.Empty(line.Stored);
    }

    [Fact]
    public void Exact_sums_are_compared_exactly()
    {
        var line = new AlertTimeline(Sum.Above(9_007_199_254_740_992));

        Assert.Equal(["firing"], line.Row(0, 9_007_199_254_740_993).Select(text => text[..6]));
        Assert.Empty(line.Row(10, 9_007_199_254_740_993));
        Assert.Equal(["resolved"], line.Row(20, 9_007_199_254_740_992).Select(text => text[..8]));
    }

    [Fact]
    public void Jump_of_a_year_costs_no_more_than_a_jump_of_a_day()
    {
        var line = new AlertTimeline(
            Silence with { Name = "silence", ForgetAfter = WindowSpecs.Longest }, Sum.DropsBy(0.5, 200) with { Name = "drop", ForgetAfter = WindowSpecs.Longest });
        for (var key = 0; key < 1000; key++)
        {
            line.Row(0, 5, $"k{key}");
        }

        var transitions = line.Reach(400L * 86_400);

        // Each key: silent; down when the baseline is full of zeros but one; forgotten by both rules.
        Assert.Equal(4000, transitions.Length);
        Assert.Equal("forgotten k999 at 31622410", transitions[^1]);
    }

    private static long Seconds(string instant) => DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds();
}
