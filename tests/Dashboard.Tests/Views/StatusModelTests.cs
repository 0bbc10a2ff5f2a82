using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Views;
using static Streaming.Dashboard.Tests.Pipelines.PipelineSamples;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Views;

public class StatusModelTests
{
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(10);

    [Fact]
    public void Before_the_first_answer_nothing_is_known()
    {
        var status = StatusModel.Build(PipelineList.Empty, Noon, StaleAfter);

        Assert.Equal(LinkState.Starting, status.Link.State);
        Assert.Equal((null, null, null, null), (status.Lag, status.Late, status.Rejected, status.WatermarkAge));
    }

    [Fact]
    public void A_pipeline_that_has_read_nothing_is_no_data()
    {
        Assert.Equal(LinkState.NoData, StatusModel.Build(List(Info(Description())), Noon, StaleAfter).Link.State);
    }

    [Fact]
    public void Figures_are_of_all_pipelines_and_the_age_is_of_the_one_furthest_behind()
    {
        var list = List(Info(Description(), Partition(0, Minute(-1))), Info(Description(), Partition(0, Minute(-2)), Partition(1, Minute(-7))));

        var status = StatusModel.Build(list, Noon, StaleAfter);

        Assert.Equal((LinkState.Live, 12.5), (status.Link.State, status.EventsPerSecond));
        Assert.Equal((TimeSpan.FromMinutes(7), "By country, partition 1"), (status.WatermarkAge, status.Slowest));
        Assert.Equal((30, 3, 6), (status.Lag, status.Late, status.Rejected));
    }

    [Fact]
    public void One_pipeline_that_moves_keeps_the_page_live()
    {
        var list = List(Info(Description(), Partition(0, Noon, updated: Noon.AddMinutes(-2))), Info(Description(), Partition(0, Noon)));

        Assert.Equal(LinkState.Live, StatusModel.Build(list, Noon, StaleAfter).Link.State);
    }

    [Fact]
    public void Without_a_checkpoint_of_any_for_ten_seconds_data_is_stale()
    {
        var status = StatusModel.Build(List(Info(Description(), Partition(0, Noon))), Noon.AddSeconds(12), StaleAfter);

        Assert.Equal((LinkState.Stale, TimeSpan.FromSeconds(12)), (status.Link.State, status.Link.For));
        Assert.Null(status.EventsPerSecond);
    }

    [Fact]
    public void What_has_been_silent_for_long_or_is_paused_hides_nobody_elses_age()
    {
        var off = Info(Description(), Partition(0, Minute(-90), updated: Minute(-80)));
        var paused = Info(Description(), Partition(0, Minute(-60))) with { IsPaused = true };

        var status = StatusModel.Build(List(off, paused, Info(Description(), Partition(0, Minute(-1)))), Noon, StaleAfter);

        Assert.Equal((TimeSpan.FromMinutes(1), 10, 2), (status.WatermarkAge, status.Lag, status.Resting.Count));
        Assert.Equal(3, status.Late);
    }

    [Fact]
    public void Lag_is_unknown_while_one_partition_has_no_known_end()
    {
        Assert.Null(StatusModel.Build(List(Info(Description(), Partition(0, Noon), Partition(1, Noon, end: null))), Noon, StaleAfter).Lag);
    }

    [Fact]
    public void A_wrong_clock_here_falsifies_no_age()
    {
        var here = Noon.AddHours(1);
        var list = List(Info(Description(), Partition(0, Noon))) with { ReadAt = here, DatabaseTime = Noon.AddSeconds(5) };

        var status = StatusModel.Build(list, here.AddSeconds(1), StaleAfter);

        Assert.Equal((LinkState.Live, TimeSpan.FromSeconds(6)), (status.Link.State, status.WatermarkAge));
    }

    private static PipelineList List(params PipelineInfo[] pipelines) =>
        new(new FeedHealth(FeedCondition.Live, Noon), Noon, Noon, [.. pipelines]) { EventsPerSecond = 12.5 };
}
