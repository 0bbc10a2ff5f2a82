using FsCheck;
using FsCheck.Fluent;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Windowing;

/// <summary>
/// Any history, with checkpoints, evictions, crashes and reloads at any places, leaves in the database what the naive oracle works out from the history
/// alone. A failure prints the shrunk run and its seed.
/// </summary>
public sealed class EngineProperties
{
    [Fact]
    public void Any_history_with_any_checkpoints_and_crashes_gives_the_oracles_rows() => Check(run =>
    {
        (PartitionRun done, NaiveOracle oracle) = Play(run);
        Assert.Equal(InOrder(run, oracle.Rows), InOrder(run, done.Database.Rows));
        Assert.Equal(oracle.Watermark, done.Database.WatermarkMs);
    });

    [Fact]
    public void Each_closed_window_goes_downstream_once_in_order_of_end_kind_and_key() => Check(run =>
    {
        (PartitionRun done, NaiveOracle oracle) = Play(run);
        Assert.Equal(InOrder(run, oracle.Rows.Where(row => row.IsFinal)), done.Database.Downstream);
    });

    [Fact]
    public void Each_late_event_is_reported_once_and_counted_for_each_window_that_it_missed() => Check(run =>
    {
        (PartitionRun done, NaiveOracle oracle) = Play(run);
        Assert.Equal(oracle.Late, done.Database.LateTopic);
        Assert.Equal(InOrder(oracle.Missed), InOrder(done.Database.Missed));
    });

    [Fact]
    public void No_event_is_lost_or_counted_twice() => Check(run =>
    {
        (PartitionRun done, NaiveOracle oracle) = Play(run);
        Assert.Equal(new EventCounts(oracle.Accepted, oracle.Late.Count, oracle.Rejected), done.Database.Counts);
        Assert.Equal(done.Log.OfType<Input.Event>().Count(), done.Database.Counts.Total);
        Assert.Equal(oracle.TakenBy.OrderBy(count => count.Key), done.Database.NewEvents.Where(count => count.Value > 0).OrderBy(count => count.Key));
    });

    [Fact]
    public void Readers_build_the_oracles_open_windows_from_the_stored_panes_at_any_checkpoint() => Check(run =>
    {
        var done = new PartitionRun(run.Windows, run.Measures);
        foreach (Step step in run.Steps)
        {
            done.Do(step);
            if (step is Step.Commits)
            {
                var oracle = new NaiveOracle(run.Windows, run.Measures, done.Log.Take(done.Database.NextInput));
                Assert.Equal(InOrder(run, oracle.Open), InOrder(run, SeenByReaders(run, done.Database)));
            }
        }
    });

    [Fact]
    public void A_replay_without_interruptions_equals_the_first_run() => Check(run =>
    {
        (PartitionRun first, _) = Play(run);
        (PartitionRun replay, _) = Play(run with { Steps = [.. first.Log.Select(input => new Step.Arrives(input))] });
        Assert.Equal(first.Database.Downstream, replay.Database.Downstream);
        Assert.Equal(InOrder(run, first.Database.Rows), InOrder(run, replay.Database.Rows));
        Assert.Equal(first.Database.LateTopic, replay.Database.LateTopic);
    });

    [Fact]
    public void No_byte_stays_counted_when_every_window_has_closed() => Check(run =>
    {
        (PartitionRun done, _) = Play(run);
        Assert.Equal(0, done.BytesWhenAllIsClosed());
    });

    [Fact]
    public void Rows_of_every_kind_are_evicted_and_brought_back_in_these_runs()
    {
        var kinds = new HashSet<Type>();
        Check(run => kinds.UnionWith(Play(run).Done.BroughtBack));
        Assert.Superset(new HashSet<Type> { typeof(TumblingWindows), typeof(CalendarDays), typeof(HoppingWindows), typeof(CumulativeWindows), typeof(SessionWindows) }, kinds);
    }

    [Fact]
    public void Windows_of_which_rows_are_not_in_memory_close_from_the_stored_rows_in_these_runs()
    {
        var closed = new HashSet<StoredKind>();
        Check(run => closed.UnionWith(Play(run).Done.Database.StoredClosings));
        Assert.Equal([StoredKind.Rows, StoredKind.Panes, StoredKind.Sessions], closed.Order());
    }

    [Fact]
    public void Nothing_but_where_sessions_lie_stays_in_memory_when_it_is_to_hold_one_byte_and_everything_is_stored() => Check(run =>
    {
        var done = new PartitionRun(run.Windows, run.Measures);
        foreach (Step step in run.Steps.Where(step => step is not Step.Evicts and not Step.Takes and not Step.Commits))
        {
            done.Do(step);
            done.TakeAll();
            Assert.Equal(done.BytesWhenEvicted(), 48L * done.Database.Rows.Count(row => !row.IsFinal && row.Of is SessionWindows));
        }

        done.Finish();
        var oracle = new NaiveOracle(run.Windows, run.Measures, done.Log);
        Assert.Equal(InOrder(run, oracle.Rows), InOrder(run, done.Database.Rows));
        Assert.Equal(InOrder(run, oracle.Rows.Where(row => row.IsFinal)), done.Database.Downstream);
        Assert.Equal(oracle.Late, done.Database.LateTopic);
    });

    private static IEnumerable<WindowRow> SeenByReaders(RandomRun run, FakeDatabase database)
    {
        List<WindowRow> open = [.. database.Rows.Where(row => !row.IsFinal)];
        long closedEndMs = database.WatermarkMs is { } watermark ? watermark - (long)run.Windows.Grace.TotalMilliseconds : long.MinValue;
        return open.Where(row => !row.IsPane).Concat(
            from row in open
            where row.IsPane
            group row by (row.Of, row.Key) into panes
            from window in OpenWindows.From(
                WindowGrid.Of(panes.Key.Of), panes.Select(pane => (pane.Window, new Measured(pane.Measures, pane.State))).Reverse(), closedEndMs)
            select new WindowRow(panes.Key.Of, window.Window, panes.Key.Key, window.Value.Measures, IsFinal: false) { State = window.Value.State });
    }

    private static void Check(Action<RandomRun> claim) =>
        Prop.ForAll(Arb.From(RandomRuns.All, RandomRuns.Shorter), claim).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(100));

    private static (PartitionRun Done, NaiveOracle Oracle) Play(RandomRun run)
    {
        var done = new PartitionRun(run.Windows, run.Measures);
        foreach (Step step in run.Steps)
        {
            done.Do(step);
        }

        done.Finish();
        return (done, new NaiveOracle(run.Windows, run.Measures, done.Log));
    }

    private static IEnumerable<WindowRow> InOrder(RandomRun run, IEnumerable<WindowRow> rows) =>
        rows.OrderBy(row => row.Window.EndMs).ThenBy(row => run.Windows.Windows.ToList().IndexOf(row.Of)).ThenBy(row => row.Key)
            .ThenBy(row => row.IsPane).ThenBy(row => row.Window.StartMs);

    private static IEnumerable<KeyValuePair<RowId, long>> InOrder(Dictionary<RowId, long> counts) =>
        counts.OrderBy(count => count.Key.Of).ThenBy(count => count.Key.Window.StartMs).ThenBy(count => count.Key.Window.EndMs).ThenBy(count => count.Key.Key, StringComparer.Ordinal);
}
