using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Pipelines;
using static Streaming.Dashboard.Tests.Pipelines.PipelineSamples;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Pipelines;

public class MergingTests
{
    [Fact]
    public void Rows_of_several_partitions_are_one_window_with_exactly_merged_measures()
    {
        var info = Info(Description(), Partition(0, Minute(5)), Partition(1, Minute(5)));

        var window = Assert.Single(Period(info, "1m", Row(0, "CH", [100, 200], 0), Row(0, "CH", [400, 1000], 1)).Columns[0].Cells);

        Assert.Equal(["4", "17.00", "4.25"], Texts(window)[..3]);
        Assert.Equal("4", Texts(window)[4]);
        Assert.Equal(Row(0, "CH", [100, 200, 400, 1000]).Basic, window.Basic);
        Assert.Equal(2, window.Parts);
    }

    [Fact]
    public void A_merged_window_is_final_only_when_every_partition_has_passed_its_end_and_grace()
    {
        StoredRow[] rows = [Row(0, "CH", [100], 0, final: true)];
        bool Final(params PipelinePartition[] partitions) => Assert.Single(Period(Info(Description(), partitions), "1m", rows).Rows).IsFinal;

        Assert.True(Final(Partition(0, Minute(5)), Partition(1, Minute(1).AddSeconds(10))));
        Assert.False(Final(Partition(0, Minute(5)), Partition(1, Minute(1).AddSeconds(9))));
        Assert.False(Final(Partition(0, Minute(5)), Partition(1, null)));
    }

    [Fact]
    public void A_whole_window_is_final_when_its_row_is()
    {
        var info = Info(Description(byRecord: true), Partition(0, Minute(5)), Partition(1, null));

        var rows = Period(info, "1m", Row(0, "a", [100], final: true), Row(1, "a", [100])).Rows;

        Assert.Equal([true, false], rows.Select(r => r.IsFinal));
    }

    [Fact]
    public void A_partition_of_a_topic_that_was_created_anew_holds_no_window_open()
    {
        var former = Guid.NewGuid();
        var info = Info(Description(), Partition(0, Minute(5)), Partition(0, Minute(-9), topic: former, updated: Noon.AddHours(-1)));

        var window = Assert.Single(Period(info, "1m", Row(0, "CH", [100]), Row(0, "CH", [200], topic: former)).Rows);

        Assert.Equal((2, true), (window.Basic.Count, window.IsFinal));
    }

    [Fact]
    public void Open_hopping_windows_are_built_from_panes_and_merged_with_what_another_partition_has_closed()
    {
        // Partition 1 has closed the window from minute −2 to 1; partition 0 still holds it as panes.
        var info = Info(Description(), Partition(0, Minute(1).AddSeconds(5)), Partition(1, Minute(1).AddSeconds(30)));
        var period = Period(info, Hopping.Name,
            Row(-1, "CH", [100], 0, pane: true), Row(0, "CH", [200, 300], 0, pane: true), Row(1, "CH", [700], 0, pane: true),
            Row(-2, "CH", [50], 1, final: true, minutes: 3));

        var byEnd = period.Columns.ToDictionary(c => c.Window.EndMs, c => c.Cells.Single());
        var closing = byEnd[Minute(1).ToUnixTimeMilliseconds()];
        Assert.Equal((4, (Int128)650, false), (closing.Basic.Count, closing.Basic.Sum, closing.IsFinal));
        Assert.Equal("4", Texts(closing)[4]);
        Assert.Equal(1300, byEnd[Minute(2).ToUnixTimeMilliseconds()].Basic.Sum);
        Assert.Equal(Minute(2), period.Columns[^1].Window.End);
    }

    [Fact]
    public void Windows_before_a_replay_covers_them_come_from_the_former_generation()
    {
        var info = Info(Description(), Partition(0, Minute(5), generation: 2), Partition(0, Minute(3), generation: 1)) with { };
        info = new PipelineInfo(info.Name, 2, false,
            [new PipelineGenerationInfo(1, "retired", Description().ToJson(), null, true), new PipelineGenerationInfo(2, "active", Description().ToJson(), Minute(1), true)], info.Partitions);

        var period = Period(info, "1m",
            Row(0, "CH", [100], generation: 1), Row(1, "CH", [200], generation: 1), Row(0, "CH", [300], generation: 2), Row(1, "CH", [400], generation: 2));

        Assert.Equal([100, 400], period.Rows.Select(r => (int)r.Basic.Sum));
    }

    [Fact]
    public void Windows_of_a_former_generation_are_read_with_its_own_measures()
    {
        var former = Description() with { Measures = new MeasurePlan([Plan.Fields[0]], [new MeasureSpec("count", MeasureKind.Count, -1), new MeasureSpec("amount_mean", MeasureKind.Mean, 0)]) };
        var info = new PipelineInfo("p", 2, false,
            [new PipelineGenerationInfo(1, "retired", former.ToJson(), null, true), new PipelineGenerationInfo(2, "active", Description().ToJson(), Minute(1), true)],
            [Partition(0, Minute(5), generation: 2), Partition(0, Minute(3), generation: 1)]);

        var window = Period(info, "1m", Row(0, "CH", [100, 200], generation: 1) with { StateBytes = null }, Row(1, "CH", [300], generation: 2)).Rows[0];

        Assert.Equal(["2", "", "1.5", "", ""], Texts(window));
        Assert.False(window.IsDamaged);
    }

    [Fact]
    public void A_state_that_does_not_decode_leaves_the_measures_of_the_columns()
    {
        var info = Info(Description(), Partition(0, Minute(5)), Partition(1, Minute(5)));

        var window = Assert.Single(Period(info, "1m", Row(0, "CH", [100, 200]) with { StateBytes = [9, 9, 9] }, Row(0, "CH", [300], 1)).Rows);

        Assert.True(window.IsDamaged);
        Assert.Equal(["3", "6.00", "2"], Texts(window)[..3]);
        Assert.Equal(["", ""], Texts(window)[3..]);
    }

    [Fact]
    public void Sessions_of_a_key_in_several_partitions_that_overlap_are_one()
    {
        var sessions = WindowSpecs.Session(TimeSpan.FromMinutes(1));
        var info = Info(Description(windows: sessions), Partition(0, Minute(20)), Partition(1, Minute(20)));

        var period = Period(info, null, Row(0, "a", [100], 0, minutes: 3), Row(2, "a", [200], 1, minutes: 4), Row(6, "a", [400], 0, minutes: 1), Row(2, "b", [800], 1));

        Assert.Equal([(0, 6, 300), (6, 7, 400)], period.Rows.Where(r => r.Key == "a").Select(r => ((int)(r.Window.Start - Noon).TotalMinutes, (int)(r.Window.End - Noon).TotalMinutes, (int)r.Basic.Sum)));
    }

    [Fact]
    public void A_window_without_events_is_an_empty_place_and_no_gap()
    {
        var info = Info(Description(), Partition(0, Minute(3)));

        var period = Period(info, "1m", Row(0, "CH", [100]), Row(2, "CH", [100]));

        Assert.Equal([1, 0, 1, 0], period.Columns.Select(c => c.Cells.Length));
        Assert.Equal([false, false, true, true], period.Columns.Select(c => c.IsProvisional));
    }

    [Fact]
    public void A_long_past_range_is_folded_exactly_into_longer_places()
    {
        var (columns, factor) = PastWindows.ColumnsFor(Minutes, TimeSpan.FromHours(2));
        var info = Info(Description(), Partition(0, Minute(50)));
        var fold = new WindowFold(info, Description(), columns, 10);
        fold.Add(Row(0, "CH", [100, 300]));
        fold.Add(Row(1, "CH", [500], 1));
        fold.Add(Row(2, "CH", [700]) with { StateBytes = [1] });

        var windows = fold.Windows();

        Assert.Equal(2, factor);
        Assert.Equal(["3", "9.00", "3", "3", "3"], Texts(windows[0]).Select((text, i) => i == 3 ? text[..1] : text));
        Assert.Equal((Interval(0, 2), true), (windows[0].Window, windows[1].IsDamaged));
        Assert.Throws<Streaming.Dashboard.Queries.RangeTooLargeException>(() => Enumerable.Range(0, 11).ToList().ForEach(i => fold.Add(Row(i, $"k{i}", [1]))));
    }
}
