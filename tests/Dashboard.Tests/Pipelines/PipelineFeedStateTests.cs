using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Pipelines;
using static Streaming.Dashboard.Tests.Pipelines.PipelineSamples;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Pipelines;

public class PipelineFeedStateTests
{
    private readonly PipelineFeedState _state = new("1m", 100, 1_000_000);
    private readonly PipelineInfo _info = Info(Description(), Partition(0, Minute(5), version: 7));

    [Fact]
    public void A_newer_row_takes_the_place_of_the_older_one_and_the_cursor_follows()
    {
        _state.Apply(Changes(_info, [Row(0, "CH", [100])]), Noon);
        var snapshot = _state.Apply(Changes(_info, [Row(0, "CH", [100, 200])], reload: false), Noon);

        Assert.Equal(2, Assert.Single(snapshot.Live(15)!.Rows).Basic.Count);
        Assert.Equal(7, _state.Cursor.Versions[new RowSource(1, Topic, 0)]);
    }

    [Fact]
    public void A_tombstone_removes_the_row_that_it_names_and_no_other()
    {
        var gone = Row(0, "CH", [100]);
        _state.Apply(Changes(_info, [gone, Row(0, "DE", [100]), Row(1, "CH", [100])]), Noon);
        var snapshot = _state.Apply(Changes(_info, [], reload: false, removed: [new RemovedRow(gone.Id, gone.Window, 8)]), Noon);

        Assert.Equal(["DE", "CH"], snapshot.Live(15)!.Rows.Select(r => r.Key));
    }

    [Fact]
    public void A_row_that_comes_back_after_its_tombstone_is_there()
    {
        var row = Row(0, "CH", [100]);
        _state.Apply(Changes(_info, [row]), Noon);
        var snapshot = _state.Apply(Changes(_info, [row with { Version = 9 }], reload: false, removed: [new RemovedRow(row.Id, row.Window, 8)]), Noon);

        Assert.Single(snapshot.Live(15)!.Rows);
    }

    [Fact]
    public void A_reload_forgets_everything()
    {
        _state.Apply(Changes(_info, [Row(0, "CH", [100])]), Noon);
        var snapshot = _state.Apply(Changes(_info, [Row(1, "DE", [100])]), Noon);

        Assert.Equal(["DE"], snapshot.Live(15)!.Rows.Select(r => r.Key));
    }

    [Fact]
    public void Beyond_the_bound_the_oldest_windows_go_and_the_page_says_so()
    {
        var rows = Enumerable.Range(0, 5).SelectMany(minute => Enumerable.Range(0, 40).Select(key => Row(minute, $"k{key}", [100]))).ToList();

        var period = _state.Apply(Changes(_info, rows), Noon).Live(15)!;

        Assert.Equal(Minute(3), period.From);
        Assert.Contains("fit in memory", period.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_start_whose_rows_were_not_all_read_no_window_is_shown()
    {
        var period = _state.Apply(Changes(_info, [Row(4, "CH", [100]), Row(3, "CH", [100])], cut: true), Noon).Live(15)!;

        Assert.Equal(Minute(4), period.From);
    }

    [Fact]
    public void A_lost_connection_keeps_the_figures_and_what_was_built_of_them()
    {
        var before = _state.Apply(Changes(_info, [Row(0, "CH", [100])]), Noon);
        var period = before.Live(15);
        var after = _state.Report(FeedCondition.Reconnecting, Noon, "gone");

        Assert.Same(period, after.Live(15));
        Assert.Equal(FeedCondition.Reconnecting, after.Health.Condition);
    }
}
