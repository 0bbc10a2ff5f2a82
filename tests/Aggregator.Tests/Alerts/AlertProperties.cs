using FsCheck;
using FsCheck.Fluent;
using Streaming.Aggregator.Alerts;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Alerts;

/// <summary>
/// Any closed windows, cut into any checkpoints, some of which are lost in a crash, some followed by another owner's claim, give the transitions that the
/// oracle finds when it sees all of them at once.
/// </summary>
public sealed class AlertProperties
{
    private const int Size = 10;
    private const int GraceMs = 4;

    private static readonly string[] Keys = ["a", "b"];

    private static readonly WindowSpec Tumbling = new TumblingWindows("w", Ms(Size), Ms(3));
    private static readonly WindowSpec Hopping = new HoppingWindows("w", Ms(Size), Ms(Size / 2), Ms(3));

    /// <summary>What becomes of one checkpoint.</summary>
    public enum Fate
    {
        /// <summary>It is written, and the instance goes on.</summary>
        Written,

        /// <summary>It is written, and another instance claims the partition.</summary>
        WrittenThenClaimed,

        /// <summary>The instance dies before the commit.</summary>
        Lost,
    }

    /// <summary>A run: the rules, which windows have rows, and how far each checkpoint reaches.</summary>
    public sealed record Run(WindowSpec Windows, AlertRule[] Rules, WindowRow[] Rows, (int Advance, Fate Fate)[] Takes);

    private static readonly Gen<AlertRule> Rules =
        from rule in Gen.OneOf(
            Limits(true), Limits(false),
            Gen.Constant<AlertRule>(AlertRules.When("r").In("w").NoEvents()),
            from measure in Gen.Elements("sum", "count", "mean")
            from share in Gen.Elements(0.5, 1.0, 1.5)
            from clear in Gen.Elements(0.25, 0.5)
            from previous in Gen.Choose(1, 4)
            from direction in Gen.Elements(Direction.Up, Direction.Down, Direction.Both)
            from relative in Gen.Elements(true, false)
            select (AlertRule)new ChangeRule("r", "w", measure, direction, share, relative, previous, clear),
            from measure in Gen.Elements("sum", "mean")
            from z in Gen.Elements(1.0, 1.5, 2.0)
            from baseline in Gen.Choose(2, 6)
            from least in Gen.Choose(2, baseline)
            from spread in Gen.Elements(0.0, 0.0, 2.0)
            from direction in Gen.Elements(Direction.Up, Direction.Down, Direction.Both)
            select (AlertRule)new DeviationRule("r", "w", measure, direction, z, baseline, least, spread, Math.Min(z, 1.0)))
        from windows in Gen.Elements(0, 0, 1, 2, 3)
        from slack in Gen.Choose(0, 60)
        select rule with { For = Ms(windows * Size), ForgetAfter = Ms(((windows + 7) * Size) + slack) };

    private static Gen<AlertRule> Limits(bool isAbove) =>
        from measure in Gen.Elements("sum", "count", "mean")
        from limit in Gen.Choose(0, 6)
        from band in Gen.Choose(0, 3)
        select (AlertRule)new ThresholdRule("r", "w", measure, isAbove, limit, isAbove ? limit - band : limit + band);

    private static Gen<WindowRow[]> Rows(WindowSpec windows) =>
        from seed in Gen.Choose(0, int.MaxValue)
        from density in Gen.Elements(0.15, 0.5, 0.9)
        from count in Gen.Choose(1, 40)
        select RowsOf(windows, seed, density, count);

    private static readonly Gen<Run> Runs =
        from count in Gen.Choose(1, 3)
        from rules in Rules.ArrayOf(count)
        from windows in Gen.Elements(Tumbling, Tumbling, Hopping)
        from rows in Rows(windows)
        from takes in Gen.Zip(Gen.Frequency((6, Gen.Choose(0, 25)), (1, Gen.Choose(30, 400))), Gen.Elements(Fate.Written, Fate.Written, Fate.WrittenThenClaimed, Fate.Lost)).ArrayOf(40)
        select new Run(windows, [.. rules.Select((rule, i) => rule with { Name = $"r{i}" })], rows, takes);

    [Fact]
    public void Any_cut_into_checkpoints_crashes_and_claims_gives_the_oracles_transitions()
    {
        var found = 0;
        Prop.ForAll(Arb.From(Runs, Shorter), run =>
        {
            var (transitions, states, closedMs) = Play(run);
            found += transitions.Count;
            Assert.Equal(new AlertOracle(run.Rules, run.Windows, Reached(run, closedMs), closedMs).Transitions, transitions);

            // What is remembered in the end does not depend on the cuts either.
            var (_, once, _) = Play(run with { Takes = [((int)closedMs + GraceMs, Fate.Written)] });
            Assert.Equal(once, states);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(100));
        Assert.True(found > 5000, $"The runs had only {found} transitions: they say little.");
    }

    private static (List<Transition> Transitions, SortedDictionary<string, string> States, long ClosedMs) Play(Run run)
    {
        var rules = AlertRuleSet.Create(run.Rules, [run.Windows], AlertTimeline.Measures, Ms(GraceMs), areWindowsWhole: true);
        var stored = new Dictionary<(string, string), StoredAlertState>();
        var transitions = new List<Transition>();
        var evaluator = new AlertEvaluator(rules, []);
        long watermark = 0;
        foreach (var (advance, fate) in run.Takes)
        {
            var next = watermark + advance;
            var closed = run.Rows.Where(row => row.Window.EndMs + GraceMs > watermark && row.Window.EndMs + GraceMs <= next).ToList();
            var changes = evaluator.Evaluate(closed, next);
            if (fate != Fate.Lost)
            {
                Commit(changes, stored);
                transitions.AddRange(changes.Transitions);
                watermark = next;
            }

            evaluator = fate == Fate.Written ? evaluator : new AlertEvaluator(rules, [.. stored.Values]);
        }

        var states = new SortedDictionary<string, string>(stored.ToDictionary(s => $"{s.Key}", s => $"{s.Value.IsFiring} {s.Value.State}"), StringComparer.Ordinal);
        return (transitions, states, watermark - GraceMs);
    }

    private static void Commit(AlertChanges changes, Dictionary<(string, string), StoredAlertState> stored)
    {
        foreach (var change in changes.States)
        {
            if (change.State is null)
            {
                stored.Remove((change.Rule, change.Key.Text));
            }
            else
            {
                stored[(change.Rule, change.Key.Text)] = new StoredAlertState(change.Rule, change.Key, change.IsFiring, change.State);
            }
        }
    }

    private static List<WindowRow> Reached(Run run, long closedMs) => [.. run.Rows.Where(row => row.Window.EndMs <= closedMs)];

    private static WindowRow[] RowsOf(WindowSpec windows, int seed, double density, int count)
    {
#pragma warning disable CA5394 // Reproducible, not unpredictable.
        var random = new Random(seed);
        return [..
            from window in Enumerable.Range(0, count)
            from key in Keys
            where random.NextDouble() < density
            let events = random.Next(1, 4)
            let sum = (window / 10 % 3) + random.Next(0, 5)
            let start = 3 + (window * (windows == Hopping ? Size / 2 : Size))
            select new WindowRow(windows, new Window(start, start + Size), new GroupKey(key), new(events, sum, sum, sum), IsFinal: true)];
#pragma warning restore CA5394
    }

    private static IEnumerable<Run> Shorter(Run run)
    {
        foreach (var rule in run.Rules.Where(_ => run.Rules.Length > 1))
        {
            yield return run with { Rules = [rule] };
        }

        for (var cut = run.Rows.Length / 2; cut > 0; cut /= 2)
        {
            for (var at = 0; at + cut <= run.Rows.Length; at += cut)
            {
                yield return run with { Rows = [.. run.Rows[..at], .. run.Rows[(at + cut)..]] };
            }
        }

        for (var cut = run.Takes.Length / 2; cut > 0; cut /= 2)
        {
            for (var at = 0; at + cut <= run.Takes.Length; at += cut)
            {
                yield return run with { Takes = [.. run.Takes[..at], .. run.Takes[(at + cut)..]] };
            }
        }
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
