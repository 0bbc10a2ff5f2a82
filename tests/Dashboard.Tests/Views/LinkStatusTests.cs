using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Views;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Views;

public class LinkStatusTests
{
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(10);

    [Fact]
    public void Before_the_first_answer_nothing_is_known()
    {
        Assert.Equal(new LinkStatus(LinkState.Starting, null, null), LinkStatus.Of(FeedSnapshot.Empty, Noon, StaleAfter));
    }

    [Fact]
    public void Figures_that_arrive_are_live()
    {
        Assert.Equal(LinkState.Live, LinkStatus.Of(Snapshot([Window(0, "a", 1)]), Noon.AddSeconds(9), StaleAfter).State);
    }

    [Fact]
    public void Without_a_window_there_is_no_data()
    {
        Assert.Equal(LinkState.NoData, LinkStatus.Of(Snapshot([], [Progress(0)]), Noon, StaleAfter).State);
    }

    [Fact]
    public void Without_a_checkpoint_for_ten_seconds_data_is_stale_and_its_age_grows()
    {
        var status = LinkStatus.Of(Snapshot([Window(0, "a", 1)]), Noon.AddSeconds(12), StaleAfter);

        Assert.Equal((LinkState.Stale, TimeSpan.FromSeconds(12)), (status.State, status.For));
    }

    [Fact]
    public void A_wrong_clock_here_falsifies_no_age()
    {
        // The database says 12:00:15, fifteen seconds after the checkpoint; this machine believes it is an hour later.
        var state = new FeedState(TimeSpan.FromHours(2), 100);
        var here = Noon.AddHours(1);
        var snapshot = state.Apply(Changes([Window(0, "a", 1)], [Progress()], at: Noon.AddSeconds(15)), here);

        var status = LinkStatus.Of(snapshot, here.AddSeconds(1), StaleAfter);

        Assert.Equal((LinkState.Stale, TimeSpan.FromSeconds(16)), (status.State, status.For));
    }

    [Fact]
    public void A_lost_database_is_reconnecting_since_it_was_lost()
    {
        var state = new FeedState(TimeSpan.FromHours(2), 100);
        state.Apply(Changes([Window(0, "a", 1)]), Noon);
        var snapshot = state.Report(FeedCondition.Reconnecting, Noon.AddSeconds(2), "gone");

        Assert.Equal(new LinkStatus(LinkState.Reconnecting, TimeSpan.FromSeconds(5), "gone"), LinkStatus.Of(snapshot, Noon.AddSeconds(7), StaleAfter));
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
