using FsCheck;
using FsCheck.Fluent;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Windowing;

/// <summary>A plan and what happens to one partition.</summary>
public sealed record RandomRun(WindowPlan Windows, MeasurePlan Measures, Step[] Steps)
{
    public override string ToString() => $"{Windows.Fingerprint} {Measures.Fingerprint}\n  {string.Join("\n  ", Steps.Select(step => step.ToString()))}\n";
}

/// <summary>Histories of a partition with checkpoints, crashes and reloads at any places, for one to four kinds of windows at once.</summary>
internal static class RandomRuns
{
    private const int Factor = 7_200_000;
    private static readonly long Base = new DateTimeOffset(2026, 3, 27, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private static readonly MeasurePlan WithState = new(
        [new FieldSpec("value", FieldKind.Number, Scale: 0, Unit: null)],
        [new MeasureSpec("value_var", MeasureKind.Variance, 0), new MeasureSpec("value_last", MeasureKind.Last, 0), new MeasureSpec("value_p50", MeasureKind.Quantile, 0, 0.5)]);

    private static readonly Gen<WindowSpec> Tumbling =
        from size in Gen.Choose(1, 12)
        from offset in Gen.Choose(0, size - 1)
        select (WindowSpec)WindowSpecs.Tumbling(Ms(size), Ms(offset));

    private static readonly Gen<WindowSpec> Hopping =
        from size in Gen.Choose(2, 16)
        from hop in Gen.Choose(1, size - 1)
        from offset in Gen.Choose(0, hop - 1)
        select (WindowSpec)WindowSpecs.Hopping(Ms(size), Ms(hop), Ms(offset));

    private static readonly Gen<WindowSpec> Cumulative =
        from step in Gen.Choose(1, 5)
        from steps in Gen.Choose(2, 5)
        from offset in Gen.Choose(0, (step * steps) - 1)
        select (WindowSpec)WindowSpecs.Cumulative(Ms(step * steps), Ms(step), Ms(offset));

    private static readonly Gen<WindowSpec> Session = Gen.Choose(1, 12).Select(gap => (WindowSpec)WindowSpecs.Session(Ms(gap)));

    private static readonly Gen<WindowPlan> Plans =
        from kinds in Gen.Choose(1, 4)
        from windows in Gen.CollectToArray(Enumerable.Range(0, kinds), _ => Gen.OneOf(Tumbling, Hopping, Cumulative, Session))
        from grace in Gen.Choose(0, 8)
        from outOfOrderness in Gen.Choose(0, 8)
        from futureBound in Gen.Choose(0, 40)
        select new WindowPlan([.. windows.DistinctBy(window => window.Name)], Ms(grace), Ms(outOfOrderness), Ms(futureBound));

    private static readonly Gen<long> Values = Gen.Frequency(
        (6, Gen.Choose(-5, 100).Select(value => (long)value)), (1, Gen.Elements(long.MaxValue, long.MinValue)));

    private static readonly Gen<RandomRun> OfMilliseconds =
        from windows in Plans
        from measures in Gen.Elements(OneNumber.Plan, WithState)
        from length in Gen.Choose(0, 120)
        from steps in Gen.CollectToArray(Enumerable.Range(0, length), StepAt)
        select new RandomRun(windows, measures, steps);

    /// <summary>Milliseconds become two hours each, some days before and after summer time begins.</summary>
    private static readonly Gen<RandomRun> OfDays =
        from run in OfMilliseconds
        select run with
        {
            Windows = new([WindowSpecs.Days("Europe/Zurich")], run.Windows.Grace * Factor, run.Windows.OutOfOrderness * Factor, run.Windows.FutureBound * Factor),
            Steps = [.. run.Steps.Select(InDays)],
        };

    public static readonly Gen<RandomRun> All = Gen.Frequency((6, OfMilliseconds), (1, OfDays));

    /// <summary>Halves first, then single steps, then fewer kinds of windows: a failing run shrinks to what matters.</summary>
    public static IEnumerable<RandomRun> Shorter(RandomRun run)
    {
        foreach (WindowSpec window in run.Windows.Windows.Where(_ => run.Windows.Windows.Count > 1))
        {
            yield return run with { Windows = run.Windows with { Windows = [.. run.Windows.Windows.Where(other => other != window)] } };
        }

        for (int cut = run.Steps.Length / 2; cut > 0; cut /= 2)
        {
            for (int at = 0; at + cut <= run.Steps.Length; at += cut)
            {
                yield return run with { Steps = [.. run.Steps[..at], .. run.Steps[(at + cut)..]] };
            }
        }
    }

    private static Step InDays(Step step) => step switch
    {
        Step.Arrives(Input.Event e) => new Step.Arrives(e with { TimeMs = InDays(e.TimeMs), BrokerMs = InDays(e.BrokerMs) }),
        Step.Arrives(Input.Mark mark) => new Step.Arrives(new Input.Mark(InDays(mark.WatermarkMs))),
        _ => step,
    };

    private static long InDays(long ms) => Base + (ms * Factor);

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
        (3, Gen.Elements(0L, 1_000, 3_000).Select(bytes => (Step)new Step.Evicts(bytes))),
        (1, Gen.Choose(1, 5).Select(rows => (Step)new Step.Supplies(rows))),
        (3, Gen.Constant((Step)new Step.Brings())),
        (1, Gen.Elements(false, true).Select(leavesRows => (Step)new Step.Crashes(leavesRows))));

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
