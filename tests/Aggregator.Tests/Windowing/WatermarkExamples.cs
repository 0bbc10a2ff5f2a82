using Streaming.Aggregator.Windowing;

namespace Streaming.Aggregator.Tests.Windowing;

/// <summary>What moves the watermark, and what does not. Times are seconds.</summary>
public sealed class WatermarkExamples
{
    [Fact]
    public void There_is_no_watermark_before_the_first_event_so_nothing_is_late()
    {
        var timeline = new Timeline(Timeline.TenSeconds);
        Assert.Null(timeline.Watermark);
        Assert.Null(timeline.Engine.TakeChanges().Watermark);
        Assert.Equal(Verdict.Accepted, timeline.At(-1_000_000_000));
    }

    // out-of-orderness 5:  event      8  12  10  16
    //                      watermark  3   7   7  11
    [Fact]
    public void The_watermark_follows_the_largest_event_time_and_never_goes_back()
    {
        var timeline = new Timeline(Timeline.With(outOfOrderness: 5));
        var watermarks = new List<long?>();
        foreach (long second in new[] { 8, 12, 10, 16 })
        {
            timeline.At(second);
            watermarks.Add(timeline.Watermark);
        }

        Assert.Equal([3, 7, 7, 11], watermarks);
    }

    // [00 ── 10)[10 ── 20)  bound 60, broker at 12:  72 is accepted, 73 is rejected and closes nothing
    [Fact]
    public void An_event_beyond_the_future_bound_is_rejected_and_moves_nothing()
    {
        var engine = OneNumber.Engine(Timeline.TenSeconds with { FutureBound = TimeSpan.FromSeconds(60) });
        engine.Add("a"u8, 1, 5_000, 5_000);

        Assert.Equal(Verdict.TooFarAhead(byMs: 60_001), engine.Add("a"u8, 1, 72_001, 12_000));
        Assert.Equal(5_000, engine.WatermarkMs);
        Assert.Equal(Verdict.Accepted, engine.Add("a"u8, 1, 72_000, 12_000));

        ChangeSet changes = engine.TakeChanges();
        Assert.Equal(new EventCounts(Accepted: 2, Late: 0, Rejected: 1), changes.Counts);
        Assert.Equal(2, changes.Open.Count + changes.Closed.Count);
    }

    // [00 ── 10)   5   mark 12 → closed    9 → late by 2
    [Fact]
    public void A_mark_closes_the_windows_of_a_silent_partition()
    {
        var timeline = new Timeline(Timeline.With(outOfOrderness: 5));
        timeline.At(5);
        timeline.Idle(watermark: 12);

        Assert.Equal(["[0,10) a n=1 sum=1 min=1 max=1!"], timeline.Take().Closed);
        Assert.Equal(Verdict.Late(byMs: 2000), timeline.At(9));
    }

    // out-of-orderness 5:  event 8 → 3   mark 9 → 9   event 12 → 9   event 16 → 11   mark 10 → 11
    [Fact]
    public void Marks_and_events_share_one_watermark_and_the_later_one_counts()
    {
        var timeline = new Timeline(Timeline.With(outOfOrderness: 5));
        timeline.At(8);
        timeline.Idle(9);
        Assert.Equal(9, timeline.Watermark);
        timeline.At(12);
        Assert.Equal(9, timeline.Watermark);
        timeline.At(16);
        timeline.Idle(10);
        Assert.Equal(11, timeline.Watermark);
    }

    [Fact]
    public void A_mark_may_be_the_first_thing_a_partition_sees()
    {
        var timeline = new Timeline(Timeline.TenSeconds);
        timeline.Idle(100);
        Assert.Equal(VerdictKind.Late, timeline.At(99).Kind);
        Assert.Equal(Verdict.Accepted, timeline.At(100));
    }
}
