using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Alerts;

/// <summary>The alert rules of a pipeline, with what they refer to. Valid by construction; never changes.</summary>
public sealed class AlertRuleSet
{
    /// <summary>A set of no rule: nothing is watched.</summary>
    public static readonly AlertRuleSet None = new([], [], null, TimeSpan.Zero);

    private AlertRuleSet(IReadOnlyList<AlertRule> rules, IReadOnlyList<WindowSpec> windows, MeasurePlan? measures, TimeSpan grace)
    {
        Rules = rules;
        Windows = windows;
        Measures = measures;
        Grace = grace;
    }

    /// <summary>In the order of the definition.</summary>
    public IReadOnlyList<AlertRule> Rules { get; }

    /// <summary>How long after its end a window closes.</summary>
    public TimeSpan Grace { get; }

    /// <summary>Everything that decides when an alert fires and is resolved, as one line of text. Severity and message are words for people and not in it.</summary>
    public string Fingerprint => $"alerts=[{string.Join(", ", Rules.Select(AlertRuleText.Fingerprint))}]";

    internal IReadOnlyList<WindowSpec> Windows { get; }

    internal MeasurePlan? Measures { get; }

    /// <summary>Checks the rules against the pipeline that they belong to.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="windows">The pipeline's windows.</param>
    /// <param name="measures">The pipeline's measures.</param>
    /// <param name="grace">The pipeline's grace.</param>
    /// <param name="areWindowsWhole">Whether it groups by the source topic's own key; else its rows are partial, and no rule can judge them.</param>
    /// <exception cref="InvalidAlertRuleException">A rule makes no sense; the message names it and says why.</exception>
    public static AlertRuleSet Create(
        IReadOnlyList<AlertRule> rules, IReadOnlyList<WindowSpec> windows, MeasurePlan measures, TimeSpan grace, bool areWindowsWhole)
    {
        if (rules.Count == 0)
        {
            return None;
        }

        var problem = AlertRuleChecks.Problems(rules, windows, measures, areWindowsWhole).FirstOrDefault();
        return problem is null ? new AlertRuleSet([.. rules], [.. windows], measures, grace) : throw new InvalidAlertRuleException(problem);
    }
}
