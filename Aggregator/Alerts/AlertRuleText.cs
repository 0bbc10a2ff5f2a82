using System.Globalization;
using System.Text.RegularExpressions;
using Streaming.Contracts.Alerts;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Alerts;

/// <summary>Rules as text: for the pipeline's fingerprint, for its topology, and in the words that a person gets.</summary>
internal static partial class AlertRuleText
{
    /// <summary>Everything that decides the rule's transitions; equal text, equal transitions.</summary>
    public static string Fingerprint(AlertRule rule) => string.Create(CultureInfo.InvariantCulture,
        $"{rule.Name}: {rule.Window} {Condition(rule)} for_ms={Ms(rule.For)} forget_ms={Ms(rule.ForgetAfter)}");

    /// <summary>The rule in one line for a person, such as <c>slow-store: amount_sum below 100 clear=150 in 1m for 3m (warning)</c>.</summary>
    public static string Describe(AlertRule rule) => string.Create(CultureInfo.InvariantCulture,
        $"{rule.Name}: {Condition(rule)} in {rule.Window}{(rule.For > TimeSpan.Zero ? $" for {WindowSpecs.Word(rule.For)}" : "")} ({AlertWords.Of(rule.Severity)})");

    /// <summary>A place of the message that nothing fills in, or null.</summary>
    public static string? UnknownPlace(string message) =>
        Place().Matches(message).Select(match => match.Value).FirstOrDefault(place => place is not ("{key}" or "{value}" or "{threshold}" or "{window}"));

    /// <summary>What a person is told of a transition.</summary>
    public static string Message(Transition transition) => transition switch
    {
        { IsForgotten: true } => $"{transition.Key.Text} is forgotten: no event for {WindowSpecs.Word(transition.Rule.ForgetAfter)}.",
        { IsFiring: false } => $"Over: {Fill(Sentence(transition), transition)}",
        { Rule.Message: { } message } => Fill(message, transition),
        _ => Fill(Sentence(transition), transition),
    };

    private static string Sentence(Transition transition) => (transition.Rule, transition.IsFiring) switch
    {
        (AbsenceRule, true) => "{key} had no event in {window}.",
        (AbsenceRule, false) => "{key} had events again in {window}.",
        (MeasureRule r, true) => $"{r.Measure} of {{key}} is {{value}}, beyond {{threshold}}.",
        (MeasureRule r, false) => $"{r.Measure} of {{key}} is {{value}}, back from {{threshold}}.",
        _ => throw new ArgumentOutOfRangeException(nameof(transition), transition, "an unknown kind of rule"),
    };

    // One pass, so that a key that reads "{value}" stays what it is.
    private static string Fill(string text, Transition transition) => Place().Replace(text, match => match.Value switch
    {
        "{key}" => transition.Key.Text,
        "{value}" => Number(transition.Value),
        "{threshold}" => Number(transition.Threshold),
        "{window}" => transition.Rule.Window,
        _ => match.Value,
    });

    private static string Number(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "nothing";

    private static string Condition(AlertRule rule) => rule switch
    {
        ThresholdRule r => $"{r.Measure} {(r.IsAbove ? "above" : "below")} {Plain(r.Limit)} clear={Plain(r.ClearAt)}",
        ChangeRule r => $"{r.Measure} change {Way(r.Direction)} by={R(r.By)}{(r.IsRelative ? " relative" : "")} previous={N(r.Previous)} clear={R(r.ClearBelow)}",
        AbsenceRule => "no events",
        DeviationRule r => $"{r.Measure} deviation {Way(r.Direction)} z={R(r.ZScore)} baseline={N(r.LeastBaseline)}..{N(r.Baseline)} spread={R(r.LeastSpread)} clear={R(r.ClearBelow)}",
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "an unknown kind of rule"),
    };

    private static string Way(Direction direction) => direction switch
    {
        Direction.Up => "up",
        Direction.Down => "down",
        _ => "both",
    };

    // 100 and 100.00 are the same limit.
    private static string Plain(decimal value) => value.ToString("0.############################", CultureInfo.InvariantCulture);

    private static string N(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string R(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Ms(TimeSpan duration) => (duration.Ticks / TimeSpan.TicksPerMillisecond).ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Place();
}
