using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Views;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Views;

public class StatusModelTests
{
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(10);

    [Fact]
    public void Before_the_first_answer_nothing_is_known()
    {
        var status = StatusModel.Build(FeedSnapshot.Empty, Noon, StaleAfter);

        Assert.Equal(LinkState.Starting, status.State);
        Assert.Equal((null, null, null, null), (status.Lag, status.Late, status.Rejected, status.WatermarkAge));
    }

    [Fact]
    public void Figures_that_arrive_are_live()
    {
        Assert.Equal(LinkState.Live, StatusModel.Build(Snapshot([Window(0, "a", 1)]), Noon.AddSeconds(9), StaleAfter).State);
    }

    [Fact]
    public void Without_a_checkpoint_for_ten_seconds_data_is_stale_and_its_age_grows()
    {
        var status = StatusModel.Build(Snapshot([Window(0, "a", 1)]), Noon.AddSeconds(12), StaleAfter);

        Assert.Equal((LinkState.Stale, TimeSpan.FromSeconds(12)), (status.State, status.For));
        Assert.Null(status.EventsPerSecond);
    }

    [Fact]
    public void A_wrong_clock_here_falsifies_no_age()
    {
        // The database says 12:00:05, five seconds after the checkpoint; this machine believes it is an hour later.
        var state = new FeedState(TimeSpan.FromHours(2), 100);
        var here = Noon.AddHours(1);
        var snapshot = state.Apply(Changes([Window(0, "a", 1)], [Progress(watermark: Noon.AddSeconds(-3))], at: Noon.AddSeconds(5)), here);

        var status = StatusModel.Build(snapshot, here.AddSeconds(1), StaleAfter);

        Assert.Equal((LinkState.Live, TimeSpan.FromSeconds(9)), (status.State, status.WatermarkAge));
    }

    [Fact]
    public void The_watermark_is_that_of_the_slowest_partition_that_has_one()
    {
        var snapshot = Snapshot([Window(0, "a", 1)], [Progress(0, watermark: Noon), Progress(1, watermark: Noon.AddSeconds(-30)), Progress(2)]);

        var status = StatusModel.Build(snapshot, Noon, StaleAfter);

        Assert.Equal((TimeSpan.FromSeconds(30), 1), (status.WatermarkAge, status.SlowestPartition));
    }

    [Fact]
    public void Lag_is_unknown_while_one_partition_has_no_known_end()
    {
        Assert.Null(StatusModel.Build(Snapshot([], [Progress(0, next: 5, end: 9), Progress(1, next: 5)]), Noon, StaleAfter).Lag);
        Assert.Equal(4, StatusModel.Build(Snapshot([], [Progress(0, next: 5, end: 9), Progress(1, next: 5, end: 5)]), Noon, StaleAfter).Lag);
    }

    [Fact]
    public void A_lost_database_is_reconnecting_since_it_was_lost()
    {
        var state = new FeedState(TimeSpan.FromHours(2), 100);
        state.Apply(Changes([Window(0, "a", 1)]), Noon);
        var snapshot = state.Report(FeedCondition.Reconnecting, Noon.AddSeconds(2), "gone");

        var status = StatusModel.Build(snapshot, Noon.AddSeconds(7), StaleAfter);

        Assert.Equal((LinkState.Reconnecting, TimeSpan.FromSeconds(5), "gone"), (status.State, status.For, status.Reason));
    }

    [Fact]
    public void Steps_before_the_first_figure_name_the_first_missing_thing()
    {
        var noTables = FirstSteps.Of(FeedSnapshot.Empty.With(new FeedHealth(FeedCondition.WaitingForTables, Noon), 1));
        var noSale = FirstSteps.Of(Snapshot([]));

        Assert.Equal([true, false, false, false], noTables.Select(s => s.IsDone));
        Assert.Equal([true, true, true, false], noSale.Select(s => s.IsDone));
    }
}
