using System.Globalization;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Alerts;

/// <summary>What is wrong with the alert rules of a pipeline, in sentences that name the rule.</summary>
internal static class AlertRuleChecks
{
    /// <summary>A baseline lies in the state of every key, so it has a bound.</summary>
    public const int LongestBaseline = 500;

    private const int LongestName = 64;
    private const int LongestMessage = 500;

    public static IEnumerable<string> Problems(
        IReadOnlyList<AlertRule> rules, IReadOnlyList<WindowSpec> windows, MeasurePlan measures, bool areWindowsWhole)
    {
        foreach (var rule in rules)
        {
            foreach (var problem in Problems(rule, windows, measures, areWindowsWhole).OfType<string>())
            {
                yield return $"Alert rule '{rule.Name}': {problem}.";
            }
        }

        foreach (var twice in rules.GroupBy(rule => rule.Name).Where(name => name.Count() > 1))
        {
            yield return $"Alert rule '{twice.Key}': {twice.Count()} rules have this name.";
        }
    }

    private static IEnumerable<string?> Problems(AlertRule rule, IReadOnlyList<WindowSpec> windows, MeasurePlan measures, bool areWindowsWhole)
    {
        yield return IsWord(rule.Name) ? null : $"a name is a lower-case letter, then lower-case letters, digits and hyphens, {LongestName} at most";
        yield return areWindowsWhole ? null : "the pipeline does not group by its source's own key, so its windows are partial and cannot be judged";
        yield return Enum.IsDefined(rule.Severity) ? null : $"there is no severity {(int)rule.Severity}";
        yield return MessageProblem(rule.Message);
        yield return rule is MeasureRule { Measure: var measure } && measures.Find(measure) is null
            ? $"there is no measure '{measure}'; there are {Names(measures.Measures.Select(m => m.Name))}" : null;
        yield return ConditionProblem(rule);
        if (windows.FirstOrDefault(window => window.Name == rule.Window) is { } window)
        {
            yield return WindowProblem(rule, window) ?? DurationProblem(rule, window);
        }
        else
        {
            yield return $"there is no window '{rule.Window}'; there are {Names(windows.Select(w => w.Name))}";
        }
    }

    private static string? WindowProblem(AlertRule rule, WindowSpec window) => (rule, window) switch
    {
        (ThresholdRule { For.Ticks: not 0 }, SessionWindows) => "sessions do not follow each other without gaps, so a condition cannot hold 'for' a while; each is judged alone",
        (ThresholdRule, _) => null,
        (_, SessionWindows) => $"'{window.Name}' are sessions, which come when they come; only a threshold can judge them",
        (_, CumulativeWindows) => $"'{window.Name}' are windows that grow, and cannot be compared with each other; only a threshold can judge them",
        _ => null,
    };

    private static string? DurationProblem(AlertRule rule, WindowSpec window)
    {
        var (shortest, period) = window switch
        {
            TumblingWindows w => (w.Size, w.Size),
            HoppingWindows w => (w.Size, w.Hop),
            CumulativeWindows w => (w.Step, w.Step),
            CalendarDays => (TimeSpan.FromDays(1), TimeSpan.FromDays(1)),
            _ => (TimeSpan.Zero, TimeSpan.FromMilliseconds(1)),
        };
        if (rule.For < TimeSpan.Zero || (rule.For > TimeSpan.Zero && rule.For < shortest))
        {
            return $"'for' is {rule.For:c}, shorter than a window of '{window.Name}' ({shortest:c}); leave it out to fire on one window";
        }

        var needed = rule.For + (period * (Remembered(rule) + 1));
        return rule.ForgetAfter >= needed && rule.ForgetAfter <= WindowSpecs.Longest && IsWhole(rule.ForgetAfter) && IsWhole(rule.For)
            ? null
            : $"a key is forgotten after {rule.ForgetAfter:c}; it must be whole milliseconds, at least {needed:c} ('for', the previous windows and one more), at most {WindowSpecs.Longest:c}";
    }

    private static string? ConditionProblem(AlertRule rule) => rule switch
    {
        ThresholdRule { IsAbove: true } r when r.ClearAt > r.Limit => $"it fires above {Text(r.Limit)}, so it cannot clear at {Text(r.ClearAt)}, which is above as well",
        ThresholdRule { IsAbove: false } r when r.ClearAt < r.Limit => $"it fires below {Text(r.Limit)}, so it cannot clear at {Text(r.ClearAt)}, which is below as well",
        ChangeRule r => Defined(r.Direction) ?? Amount("the change", r.By) ?? Clear(r.ClearBelow, r.By) ?? Count("previous windows", r.Previous, 1, LongestBaseline),
        DeviationRule r => Defined(r.Direction) ?? Amount("the z-score", r.ZScore) ?? Clear(r.ClearBelow, r.ZScore)
            ?? Count("windows of the baseline", r.Baseline, 2, LongestBaseline) ?? Count("windows that must be there", r.LeastBaseline, 2, r.Baseline)
            ?? (r.LeastSpread >= 0 && double.IsFinite(r.LeastSpread) ? null : $"the least spread is {Text(r.LeastSpread)}; it must be a number, at least zero"),
        _ => null,
    };

    private static string? MessageProblem(string? message)
    {
        if (message is null)
        {
            return null;
        }

        return message.Length is 0 or > LongestMessage || message.Any(char.IsControl)
            ? $"a message has 1 to {LongestMessage} characters and no line breaks"
            : AlertRuleText.UnknownPlace(message) is { } place ? $"its message names {place}; there are {{key}}, {{value}}, {{threshold}} and {{window}}" : null;
    }

    private static int Remembered(AlertRule rule) => rule switch
    {
        ChangeRule r => r.Previous,
        DeviationRule r => r.LeastBaseline,
        _ => 0,
    };

    private static string? Defined(Direction direction) => Enum.IsDefined(direction) ? null : $"there is no direction {(int)direction}";

    private static string? Amount(string what, double value) => value > 0 && double.IsFinite(value) ? null : $"{what} is {Text(value)}; it must be a number above zero";

    private static string? Clear(double clear, double limit) =>
        clear > 0 && clear <= limit ? null : $"it fires at {Text(limit)}, so it cannot clear below {Text(clear)}; that must be above zero and at most as much";

    private static string? Count(string what, int value, int least, int most) =>
        value >= least && value <= most ? null : $"the number of {what} is {Text(value)}; it must be from {least} to {most}";

    private static bool IsWhole(TimeSpan duration) => duration.Ticks % TimeSpan.TicksPerMillisecond == 0;

    private static bool IsWord(string name) => name is { Length: > 0 and <= LongestName } && char.IsAsciiLetterLower(name[0])
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
