using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Windowing;

/// <summary>What a checkpoint gets, and what a claim gives back. Times are seconds.</summary>
public sealed class TakeExamples
{
    [Fact]
    public void A_take_holds_only_what_changed_since_the_last()
    {
        var timeline = new Timeline(Timeline.TenSeconds);
        timeline.At(1, "a");
        timeline.At(1, "b");
        timeline.Take();

        timeline.At(2, "b", 4);

        Assert.Equal(["[0,10) b n=2 sum=5 min=1 max=4"], timeline.Take().Open);
        Assert.Empty(timeline.Take().Open);
    }

    [Fact]
    public void A_window_touched_and_closed_between_two_takes_appears_once_and_final()
    {
        var timeline = new Timeline(Timeline.TenSeconds);
        timeline.At(5);
        timeline.At(10);
        (string[] open, string[] closed) = timeline.Take();
        Assert.Equal(["[10,20) a n=1 sum=1 min=1 max=1"], open);
        Assert.Equal(["[0,10) a n=1 sum=1 min=1 max=1!"], closed);
    }

    [Fact]
    public void Closing_hands_over_every_row_of_the_window_also_unchanged_ones_and_only_once()
    {
        var timeline = new Timeline(Timeline.TenSeconds);
        timeline.At(1, "quiet");
        timeline.Take();
        timeline.At(10, "a");
        Assert.Equal(["[0,10) quiet n=1 sum=1 min=1 max=1!"], timeline.Take().Closed);
        Assert.Empty(timeline.Take().Closed);
    }

    [Fact]
    public void Late_event_is_counted_and_changes_no_window()
    {
        var timeline = new Timeline(Timeline.TenSeconds);
        timeline.At(5, "a");
        timeline.At(20, "a");
        timeline.Engine.TakeChanges();

        timeline.At(5, "a", 1000);
        timeline.At(6, "a", 1000);
        timeline.At(6, "new", 1000);

        ChangeSet changes = timeline.Engine.TakeChanges();
        Assert.Empty(changes.Open);
        Assert.Empty(changes.Closed);
        Assert.Equal(
            [new LateCount(Timeline.TenSeconds.Of, new Window(0, 10_000), new GroupKey("a"), 2), new LateCount(Timeline.TenSeconds.Of, new Window(0, 10_000), new GroupKey("new"), 1)],
            changes.LateCounts.OrderBy(late => late.Key));
        Assert.Equal(new EventCounts(0, 3, 0), changes.Counts);
        Assert.Empty(timeline.Engine.TakeChanges().LateCounts);
    }

    [Fact]
    public void What_was_taken_does_not_change_when_the_engine_goes_on()
    {
        var timeline = new Timeline(Timeline.TenSeconds);
        timeline.At(1);
        ChangeSet taken = timeline.Engine.TakeChanges();
        timeline.At(2);
        timeline.At(30);
        Assert.Equal("[0,10) a n=1 sum=1 min=1 max=1", Timeline.Show(Assert.Single(taken.Open)));
        Assert.Empty(taken.Closed);
        Assert.Equal(1_000, taken.WatermarkMs);
    }

    [Fact]
    public void An_engine_loaded_from_its_rows_goes_on_where_the_other_stopped()
    {
        var first = new Timeline(Timeline.With(outOfOrderness: 5));
        first.At(3, "a", 7);
        first.At(12, "a", 2);
        ChangeSet written = first.Engine.TakeChanges();

        var second = new Timeline(Timeline.With(outOfOrderness: 5), written.WatermarkMs, written.Open);
        Assert.Empty(second.Take().Open);
        second.At(9, "a", 1);
        second.At(15, "a", 3);

        (string[] open, string[] closed) = second.Take();
        Assert.Equal(["[0,10) a n=2 sum=8 min=1 max=7!"], closed);
        Assert.Equal(["[10,20) a n=2 sum=5 min=2 max=3"], open);
    }

    [Fact]
    public void Loaded_rows_that_are_due_already_close_with_the_first_take()
    {
        WindowRow row = new(Timeline.TenSeconds.Of, new Window(0, 10_000), new GroupKey("a"), BasicMeasures.Of(3), IsFinal: false);
        var timeline = new Timeline(Timeline.TenSeconds, watermarkMs: 10_000, [row]);
        Assert.Equal(VerdictKind.Late, timeline.At(9).Kind);
        Assert.Equal(["[0,10) a n=1 sum=3 min=3 max=3!"], timeline.Take().Closed);
    }

    [Fact]
    public void A_row_that_cannot_be_an_open_window_of_these_options_is_refused()
    {
        WindowRow row = new(Timeline.TenSeconds.Of, new Window(0, 10_000), new GroupKey("a"), BasicMeasures.Of(3), IsFinal: false);
        foreach (WindowRow wrong in new[] { row with { IsFinal = true }, row with { Window = new(1, 10_001) }, row with { Measures = default } })
        {
            Assert.Throws<ArgumentException>(() => OneNumber.Engine(Timeline.TenSeconds, null, [wrong]));
        }

        Assert.Throws<ArgumentException>(() => OneNumber.Engine(Timeline.TenSeconds, null, [row, row]));
    }
}
