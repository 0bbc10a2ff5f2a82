using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Windowing;

/// <summary>When windows open and close. Times are seconds.</summary>
public sealed class WindowExamples
{
    // [00 ── 10)[10 ── 20)   out-of-orderness 5
    //    3  8      12   16 → watermark 11: first window closes   7 → late
    [Fact]
    public void A_window_closes_when_the_watermark_passes_its_end_and_later_events_for_it_are_late()
    {
        var timeline = new Timeline(Timeline.With(outOfOrderness: 5));
        Assert.All([3L, 8, 12], second => Assert.Equal(Verdict.Accepted, timeline.At(second)));
        Assert.Empty(timeline.Take().Closed);

        Assert.Equal(Verdict.Accepted, timeline.At(16));
        Assert.Equal(11, timeline.Watermark);
        Assert.Equal(Verdict.Late(byMs: 1000), timeline.At(7));

        Assert.Equal(["[0,10) a n=2 sum=2 min=1 max=1!"], timeline.Take().Closed);
    }

    // [00 ── 10)   out-of-orderness 5
    //   9   14 → watermark 9: open   15 → watermark 10: closed
    [Fact]
    public void A_window_closes_at_the_millisecond_the_watermark_equals_its_end()
    {
        var timeline = new Timeline(Timeline.With(outOfOrderness: 5));
        timeline.At(9);
        timeline.Engine.Add("a"u8, 1, 14_999, 14_999);
        Assert.Empty(timeline.Take().Closed);

        timeline.At(15);

        Assert.Equal(["[0,10) a n=1 sum=1 min=1 max=1!"], timeline.Take().Closed);
    }

    // [00 ── 10) + grace 3
    //   5  12 → watermark 12: still open, 9 counts   13 → watermark 13: closed, 9 is late
    [Fact]
    public void Grace_keeps_a_window_open_after_the_watermark_has_reached_its_end()
    {
        var timeline = new Timeline(Timeline.With(grace: 3));
        timeline.At(5);
        timeline.At(12);
        Assert.Equal(Verdict.Accepted, timeline.At(9));

        timeline.At(13);

        Assert.Equal(Verdict.Late(byMs: 0), timeline.At(9));
        Assert.Equal(["[0,10) a n=2 sum=2 min=1 max=1!"], timeline.Take().Closed);
    }

    // …[−10 ── 0)[0 ── 10)[10 ── 20)
    [Theory]
    [InlineData(0, 0, 10)]
    [InlineData(9_999, 0, 10)]
    [InlineData(10_000, 10, 20)]
    [InlineData(-1, -10, 0)]
    [InlineData(-10_000, -10, 0)]
    [InlineData(-10_001, -20, -10)]
    public void Windows_are_half_open_and_aligned_to_the_epoch(long eventTimeMs, long start, long end)
    {
        var engine = OneNumber.Engine(Timeline.TenSeconds);
        engine.Add("a"u8, 1, eventTimeMs, eventTimeMs);
        Assert.Equal(new Window(start * 1000, end * 1000), Assert.Single(engine.TakeChanges().Open).Window);
    }

    // offset 3: …[−7 ── 3)[3 ── 13)
    [Theory]
    [InlineData(2, -7)]
    [InlineData(3, 3)]
    [InlineData(-8, -17)]
    public void An_offset_shifts_every_window(long second, long start)
    {
        var timeline = new Timeline(Timeline.With(offset: 3));
        timeline.At(second);
        Assert.StartsWith($"[{start},{start + 10}) ", Assert.Single(timeline.Take().Open), StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_close_in_order_of_their_end_and_their_rows_in_key_order()
    {
        var timeline = new Timeline(Timeline.With(outOfOrderness: 60));
        foreach ((long second, string key) in new[] { (25L, "b"), (5L, "é"), (5L, "z"), (15L, "a"), (5L, ""), (5L, "a"), (25L, "a") })
        {
            timeline.At(second, key);
        }

        timeline.At(90);

        Assert.Equal(
            ["[0,10) ", "[0,10) a", "[0,10) z", "[0,10) é", "[10,20) a", "[20,30) a", "[20,30) b"],
            timeline.Take().Closed.Select(row => row[..row.IndexOf(" n=", StringComparison.Ordinal)]));
    }

    [Fact]
    public void A_window_without_events_does_not_exist()
    {
        var timeline = new Timeline(Timeline.TenSeconds);
        timeline.At(5);
        timeline.At(1000);
        Assert.Equal(["[0,10) a n=1 sum=1 min=1 max=1!"], timeline.Take().Closed);
        Assert.Equal(1, timeline.Engine.OpenWindows);
    }

    [Fact]
    public void Measures_are_exact_per_key_and_window()
    {
        var timeline = new Timeline(Timeline.TenSeconds);
        timeline.At(1, "a", 5);
        timeline.At(2, "b", -3);
        timeline.At(3, "a", 2);
        timeline.At(4, "a", 9);
        Assert.Equal(["[0,10) a n=3 sum=16 min=2 max=9", "[0,10) b n=1 sum=-3 min=-3 max=-3"], timeline.Take().Open.Order());
    }
}
