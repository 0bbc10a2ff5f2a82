using Streaming.Aggregator.Alerts;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Alerts;

/// <summary>
/// What docs/semantics.md says of alerts, by the most obvious computation: it sees every closed window at once, goes through all windows of a key one by one,
/// with or without a row, and looks back over the whole list wherever something depends on what came before. Windows of one size, tumbling or hopping.
/// </summary>
internal sealed class AlertOracle(IReadOnlyList<AlertRule> rules, WindowSpec windows, IReadOnlyList<WindowRow> closed, long closedMs)
{
    private readonly long _sizeMs = (long)(windows is HoppingWindows h ? h.Size : ((TumblingWindows)windows).Size).TotalMilliseconds;
    private readonly long _hopMs = (long)(windows is HoppingWindows h ? h.Hop : ((TumblingWindows)windows).Size).TotalMilliseconds;

    /// <summary>All transitions, ordered by time, rule and key.</summary>
    public IReadOnlyList<Transition> Transitions =>
        [.. rules.SelectMany((rule, index) => closed.Select(row => row.Key).Distinct().SelectMany(key => Of(rule, key)).Select(transition => (index, transition)))
            .OrderBy(t => t.transition.AtMs).ThenBy(t => t.index).ThenBy(t => t.transition.Key).Select(t => t.transition)];

    private IEnumerable<Transition> Of(AlertRule rule, GroupKey key)
    {
        var rows = closed.Where(row => row.Key.Equals(key)).ToDictionary(row => row.Window.EndMs);
        var forgetMs = (long)rule.ForgetAfter.TotalMilliseconds;
        var life = new List<(Window Window, double? Value, bool Holds)>();
        long? seen = null;
        var fires = false;
        for (var end = rows.Keys.Min(); end <= closedMs; end += _hopMs)
        {
            var hasEvents = rows.TryGetValue(end, out var row);
            if (seen is { } s && (hasEvents ? end > s + forgetMs : end >= s + forgetMs))
            {
                if (fires)
                {
                    yield return new Transition(rule, key, false, new Window(s, s + forgetMs), null, null, IsForgotten: true);
                }

                (seen, fires) = (null, false);
                life.Clear();
            }

            if (!hasEvents && seen is null)
            {
                continue;
            }

            seen = hasEvents ? end : seen;
            var window = new Window(end - _sizeMs, end);
            var (value, holds, clear, against) = Judge(rule, hasEvents, hasEvents ? Value(rule, row) : NoRow(rule), [.. life.Select(w => w.Value).OfType<double>()]);
            life.Add((window, value, holds));
            var run = life.AsEnumerable().Reverse().TakeWhile(w => w.Holds).ToList();
            var now = fires ? !clear : holds && end - run[^1].Window.StartMs >= rule.For.TotalMilliseconds;
            if (now != fires)
            {
                fires = now;
                yield return new Transition(rule, key, fires, window, against is null ? null : value, against);
            }
        }

        if (seen is { } last && fires && last + forgetMs <= closedMs)
        {
            yield return new Transition(rule, key, false, new Window(last, last + forgetMs), null, null, IsForgotten: true);
        }
    }

    private static double? Value(AlertRule rule, WindowRow row) => (rule as MeasureRule)?.Measure.Split('_')[^1] switch
    {
        "count" => row.Measures.Count,
        "sum" => (double)row.Measures.Sum,
        "mean" => (double)row.Measures.Sum / row.Measures.Count,
        _ => null,
    };

    private static double? NoRow(AlertRule rule) => (rule as MeasureRule)?.Measure.Split('_')[^1] is "count" or "sum" ? 0 : null;

    private static (double? Value, bool Holds, bool Clear, double? Against) Judge(AlertRule rule, bool hasEvents, double? value, double[] before)
    {
        switch (rule)
        {
            case AbsenceRule:
                return (null, !hasEvents, hasEvents, null);
            case ThresholdRule r when value is { } v:
                var holds = r.IsAbove ? v > (double)r.Limit : v < (double)r.Limit;
                var clear = r.IsAbove ? v <= (double)r.ClearAt : v >= (double)r.ClearAt;
                return (v, holds, clear, (double)(holds ? r.Limit : r.ClearAt));
            case ChangeRule r when value is { } v && before.Length >= r.Previous:
                var mean = before[^r.Previous..].Average();
                return r.IsRelative && mean == 0 ? (v, false, false, null) : Far(v, mean, r.IsRelative ? Math.Abs(mean) : 1, r.By, r.ClearBelow, r.Direction);
            case DeviationRule r when value is { } v && before.Length >= r.LeastBaseline:
                var baseline = before[^Math.Min(before.Length, r.Baseline)..];
                var average = baseline.Average();
                var deviation = Math.Sqrt(baseline.Sum(x => (x - average) * (x - average)) / (baseline.Length - 1));
                var spread = Math.Max(r.LeastSpread, deviation > 1e-12 * Math.Abs(average) ? deviation : 0);
                return spread == 0 ? (v, false, false, null) : Far(v, average, spread, r.ZScore, r.ClearBelow, r.Direction);
            default:
                return (value, false, false, null);
        }
    }

    private static (double?, bool, bool, double?) Far(double value, double mean, double unit, double limit, double clear, Direction direction)
    {
        var up = (value - mean) / unit;
        var isDown = direction == Direction.Down || (direction == Direction.Both && up < 0);
        var far = isDown ? -up : up;
        var bound = far >= limit ? limit : clear;
        return (value, far >= limit, far < clear, mean + ((isDown ? -1 : 1) * unit * bound));
    }
}
