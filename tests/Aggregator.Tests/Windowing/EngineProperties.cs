using FsCheck;
using FsCheck.Fluent;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Windowing;

/// <summary>
/// Any history, with checkpoints, crashes and reloads at any places, leaves in the database what the naive oracle works out from the history
/// alone. A failure prints the shrunk run and its seed.
/// </summary>
public sealed class EngineProperties
{
    private static readonly Gen<WindowOptions> Options =
        from size in Gen.Choose(1, 12)
        from offset in Gen.Choose(0, size - 1)
        from grace in Gen.Choose(0, 8)
        from outOfOrderness in Gen.Choose(0, 8)
        from futureBound in Gen.Choose(0, 40)
        select new WindowOptions(Ms(size), Ms(offset), Ms(grace), Ms(outOfOrderness), Ms(futureBound));

    private static readonly Gen<long> Values = Gen.Frequency(
        (6, Gen.Choose(-5, 100).Select(value => (long)value)), (1, Gen.Elements(long.MaxValue, long.MinValue)));

    // Event times drift forward with the position in the run, so that windows close again and again, and jitter both ways.
    private static Gen<Step> StepAt(int position) => Gen.Frequency(
        (20, from jitter in Gen.Choose(-25, 25)
             from brokerLag in Gen.Choose(-20, 60)
             from key in Gen.Elements("", "a", "b", "ü")
             from value in Values
             select (Step)new Step.Arrives(new Input.Event(key, value, position + jitter - 30, position + brokerLag - 30))),
        (1, Gen.Choose(-40, 10).Select(ahead => (Step)new Step.Arrives(new Input.Mark(position + ahead)))),
        (3, Gen.Constant((Step)new Step.Takes())),
        (3, Gen.Constant((Step)new Step.Commits())),
        (1, Gen.Constant((Step)new Step.Crashes())));

    private static readonly Gen<(WindowOptions Options, Step[] Steps)> Runs =
        from options in Options
        from length in Gen.Choose(0, 120)
        from steps in Gen.CollectToArray(Enumerable.Range(0, length), StepAt)
        select (options, steps);

    [Fact]
    public void Any_history_with_any_checkpoints_and_crashes_gives_the_oracles_rows() => Check(run =>
    {
        (PartitionRun done, NaiveOracle oracle) = Play(run);
        Assert.Equal(InOrder(oracle.Rows), InOrder(done.Database.Rows));
        Assert.Equal(oracle.Watermark, done.Database.WatermarkMs);
    });

    [Fact]
    public void Each_closed_window_goes_downstream_once_in_order_of_end_and_key() => Check(run =>
    {
        (PartitionRun done, NaiveOracle oracle) = Play(run);
        Assert.Equal(InOrder(oracle.Rows.Where(row => row.IsFinal)), done.Database.Downstream);
    });

    [Fact]
    public void Each_late_event_is_reported_once_and_counted_for_its_window_and_key() => Check(run =>
    {
        (PartitionRun done, NaiveOracle oracle) = Play(run);
        Assert.Equal(oracle.Late, done.Database.LateTopic);
        Assert.Equal(
            oracle.Late.CountBy(late => (late.Window, new GroupKey(late.Key))).OrderBy(Row).Select(count => (count.Key, (long)count.Value)),
            done.Database.LateByRow.OrderBy(Row).Select(count => (count.Key, count.Value)));
    });

    [Fact]
    public void No_event_is_lost_or_counted_twice() => Check(run =>
    {
        (PartitionRun done, NaiveOracle oracle) = Play(run);
        Assert.Equal(new EventCounts(oracle.Accepted, oracle.Late.Count, oracle.Rejected), done.Database.Counts);
        Assert.All(done.Database.Rows, row => Assert.Equal(row.Measures.Count, done.Database.NewEventsByRow[(row.Window, row.Key)]));
        Assert.Equal(done.Log.OfType<Input.Event>().Count(), done.Database.Counts.Total);
    });

    private static void Check(Action<(WindowOptions Options, Step[] Steps)> claim) =>
        Prop.ForAll(Arb.From(Runs, Shorter), claim).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(100));

    private static (PartitionRun Done, NaiveOracle Oracle) Play((WindowOptions Options, Step[] Steps) run)
    {
        var done = new PartitionRun(run.Options);
        foreach (Step step in run.Steps)
        {
            done.Do(step);
        }

        done.Finish();
        return (done, new NaiveOracle(run.Options, done.Log));
    }

    // Halves first, then single steps: a failing run shrinks to the few steps that matter.
    private static IEnumerable<(WindowOptions, Step[])> Shorter((WindowOptions Options, Step[] Steps) run)
    {
        for (int cut = run.Steps.Length / 2; cut > 0; cut /= 2)
        {
            for (int at = 0; at + cut <= run.Steps.Length; at += cut)
            {
                yield return (run.Options, [.. run.Steps[..at], .. run.Steps[(at + cut)..]]);
            }
        }
    }

    private static IEnumerable<WindowRow> InOrder(IEnumerable<WindowRow> rows) => rows.OrderBy(row => row.Window.EndMs).ThenBy(row => row.Key);

    private static (long, GroupKey) Row<T>(KeyValuePair<(Window Window, GroupKey Key), T> entry) => (entry.Key.Window.EndMs, entry.Key.Key);

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
