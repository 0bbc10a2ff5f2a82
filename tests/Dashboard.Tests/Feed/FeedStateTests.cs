using Streaming.Dashboard.Feed;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Feed;

public class FeedStateTests
{
    private readonly FeedState _state = new(TimeSpan.FromHours(2), 100);

    [Fact]
    public void A_newer_row_takes_the_place_of_the_older_one()
    {
        _state.Apply(Changes([Window(0, "a", 3, final: false)]), Noon);
        var snapshot = _state.Apply(Changes([Window(0, "a", 5, version: 2)], [Progress(version: 2)]), Noon);

        var window = Assert.Single(snapshot.Windows[Minute(0)].Values);
        Assert.Equal((5, true), (window.Count, window.IsFinal));
        Assert.Equal(2, _state.Cursor.Versions[new PartitionId(Topic, 0)]);
    }

    [Fact]
    public void Another_generation_forgets_the_windows_of_the_former_one()
    {
        _state.Apply(Changes([Window(0, "a", 3), Window(1, "a", 4)]), Noon);
        var snapshot = _state.Apply(Changes([Window(1, "a", 9)], generation: 2), Noon);

        Assert.Equal([Minute(1)], snapshot.Windows.Keys);
        Assert.Equal(9, snapshot.Periods.Live(TimeSpan.FromMinutes(5))!.Count);
    }

    [Fact]
    public void Windows_of_a_topic_created_anew_are_added_to_those_of_the_old_one_and_only_the_new_one_has_lag()
    {
        var anew = Guid.NewGuid();
        var snapshot = _state.Apply(
            Changes(
                [Window(0, "a", 3), Window(0, "a", 4, topic: anew)],
                [Progress(next: 10, end: 500, updated: Noon.AddMinutes(-5)), Progress(next: 10, end: 12, topic: anew)]),
            Noon);

        Assert.Equal(7, snapshot.Periods.Live(TimeSpan.FromMinutes(5))!.Count);
        Assert.Equal(2, snapshot.Partitions.Sum(p => p.Lag));
    }

    [Fact]
    public void A_window_far_ahead_of_the_watermark_does_not_push_the_others_out_of_sight()
    {
        var snapshot = _state.Apply(Changes([Window(0, "a", 3), Window(50, "a", 1)], [Progress(watermark: Minute(0).AddSeconds(30))]), Noon);

        Assert.Equal(Minute(2), snapshot.LiveEnd);
    }

    [Fact]
    public void Minutes_before_the_horizon_are_dropped()
    {
        var snapshot = _state.Apply(Changes([Window(-180, "a", 1), Window(0, "a", 1)]), Noon);

        Assert.Equal([Minute(0)], snapshot.Windows.Keys);
    }

    [Fact]
    public void Beyond_the_bound_the_oldest_minutes_go_first()
    {
        var windows = Enumerable.Range(0, 3).SelectMany(minute => Enumerable.Range(0, 50).Select(store => Window(minute, $"s{store}", 1))).ToList();

        var snapshot = _state.Apply(Changes(windows), Noon);

        Assert.Equal([Minute(1), Minute(2)], snapshot.Windows.Keys);
    }

    [Fact]
    public void A_lost_connection_keeps_the_figures_and_since_when()
    {
        _state.Apply(Changes([Window(0, "a", 3)]), Noon);
        _state.Report(FeedCondition.Reconnecting, Noon.AddSeconds(1), "gone");
        var snapshot = _state.Report(FeedCondition.Reconnecting, Noon.AddSeconds(9), "gone");

        Assert.Single(snapshot.Windows);
        Assert.Equal(Noon.AddSeconds(1), snapshot.Health.Since);
    }

    [Fact]
    public void The_rate_is_unknown_at_first_and_then_events_per_second()
    {
        var first = _state.Apply(Changes([], [Progress(events: 100)], at: Noon), Noon);
        var second = _state.Apply(Changes([], [Progress(events: 140)], at: Noon.AddSeconds(4)), Noon);

        Assert.Null(first.EventsPerSecond);
        Assert.Equal(10, second.EventsPerSecond);
    }
}
