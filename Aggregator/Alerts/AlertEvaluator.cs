using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Measures;

namespace Streaming.Aggregator.Alerts;

/// <summary>
/// All alert rules of a pipeline over one input partition. Pure and deterministic: it reads no clock, and the same closed windows and watermarks give the
/// same transitions in the same order, however they are cut into takes, and whoever loads the states in between.
/// </summary>
public sealed class AlertEvaluator
{
    private readonly AlertRuleSet _rules;
    private readonly List<(RuleEvaluator Evaluator, AlertRule Rule, MeasureSpec? Measure)> _evaluators;
    private readonly long _graceMs;

    /// <param name="rules">The rules.</param>
    /// <param name="states">What was remembered when the partition was last written.</param>
    /// <exception cref="AlertStateException">A state is none, or of no rule.</exception>
    public AlertEvaluator(AlertRuleSet rules, IReadOnlyList<StoredAlertState> states)
    {
        _rules = rules;
        _graceMs = rules.Grace.Ticks / TimeSpan.TicksPerMillisecond;
        _evaluators = [.. rules.Rules.Select(rule => Create(rules, rule))];
        foreach (var state in states)
        {
            var of = _evaluators.Find(e => e.Rule.Name == state.Rule).Evaluator ?? throw new AlertStateException($"There is a state of rule '{state.Rule}', but no such rule.");
            of.Load(state);
        }
    }

    /// <summary>About how many bytes of memory the rules' states take.</summary>
    public long ApproximateBytes => _evaluators.Sum(e => e.Evaluator.ApproximateBytes);

    /// <summary>Judges what a take brought.</summary>
    /// <param name="closed">The windows that closed since the last call, ordered by their ends.</param>
    /// <param name="watermarkMs">The watermark now; null before the first event, and while more windows follow that have closed by it.</param>
    public AlertChanges Evaluate(IReadOnlyList<WindowRow> closed, long? watermarkMs)
    {
        if (_evaluators.Count == 0)
        {
            return AlertChanges.None;
        }

        var states = new List<StateChange>();
        var transitions = new List<(int Rule, Transition Transition)>();
        for (var i = 0; i < _evaluators.Count; i++)
        {
            var index = i;
            var changes = Evaluate(_evaluators[i], closed, watermarkMs);
            states.AddRange(changes.States);
            transitions.AddRange(changes.Transitions.Select(transition => (index, transition)));
        }

        return new AlertChanges(
            states, [.. transitions.OrderBy(t => t.Transition.AtMs).ThenBy(t => t.Rule).ThenBy(t => t.Transition.Key).Select(t => t.Transition)]);
    }

    private (List<StateChange> States, List<Transition> Transitions) Evaluate(
        (RuleEvaluator Evaluator, AlertRule Rule, MeasureSpec? Measure) of, IReadOnlyList<WindowRow> closed, long? watermarkMs)
    {
        foreach (var row in closed)
        {
            if (row.Of.Name == of.Rule.Window)
            {
                of.Evaluator.Take(row.Key, row.Window, of.Measure is null ? null : Read(of.Measure, row));
            }
        }

        if (watermarkMs is { } watermark)
        {
            of.Evaluator.Reach(watermark - _graceMs);
        }

        return of.Evaluator.TakeChanges();
    }

    private Reading? Read(MeasureSpec measure, WindowRow row) => Reading.Of(MeasureReader.Read(_rules.Measures!, measure, row.Measures, row.State));

    private static (RuleEvaluator, AlertRule, MeasureSpec?) Create(AlertRuleSet rules, AlertRule rule)
    {
        var measure = rule is MeasureRule { Measure: var name } ? rules.Measures!.Find(name) : null;
        // No events: their number is zero, and so is what they add up to. Nothing else can be said of them.
        Reading? ofNothing = measure?.Kind is MeasureKind.Count or MeasureKind.Sum or MeasureKind.Distinct ? Reading.Zero : null;
        return (new RuleEvaluator(rule, rules.Windows.First(window => window.Name == rule.Window), ofNothing), rule, measure);
    }
}
