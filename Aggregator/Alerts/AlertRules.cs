using Streaming.Contracts.Alerts;

namespace Streaming.Aggregator.Alerts;

/// <summary>
/// Begins a rule: <c>AlertRules.When("slow-store", "amount_sum").In("1m").Below(100).ClearAbove(150).For(TimeSpan.FromMinutes(3))</c>.
/// Nothing is checked here; <see cref="AlertRuleSet"/> checks all rules of a pipeline against its windows and measures.
/// </summary>
public static class AlertRules
{
    /// <summary>A rule about a measure.</summary>
    /// <param name="name">The rule's name.</param>
    /// <param name="measure">The name of one of the pipeline's measures.</param>
    public static Watched When(string name, string measure) => new(name, measure);

    /// <summary>A rule about events that fail to come.</summary>
    /// <param name="name">The rule's name.</param>
    public static Silence When(string name) => new(name);

    /// <summary>A name and a measure, but no window yet.</summary>
    public sealed record Watched(string Name, string Measure)
    {
        /// <summary>Judges each closed window of this kind.</summary>
        public WatchedWindows In(string window) => new(Name, Measure, window);
    }

    /// <summary>A name, but no window yet.</summary>
    public sealed record Silence(string Name)
    {
        /// <summary>Judges each window of this kind.</summary>
        public SilentWindows In(string window) => new(Name, window);
    }

    /// <summary>What to look at; the condition is next.</summary>
    public sealed record SilentWindows(string Name, string Window)
    {
        /// <summary>A key that had events has none.</summary>
        public AbsenceRule NoEvents() => new(Name, Window);
    }

    /// <summary>What to look at; the condition is next.</summary>
    public sealed record WatchedWindows(string Name, string Measure, string Window)
    {
        /// <summary>More than the limit.</summary>
        public ThresholdRule Above(decimal limit) => new(Name, Window, Measure, IsAbove: true, limit, ClearAt: limit);

        /// <summary>Less than the limit.</summary>
        public ThresholdRule Below(decimal limit) => new(Name, Window, Measure, IsAbove: false, limit, ClearAt: limit);

        /// <summary>At least this share above the mean of the previous windows: 0.5 is one and a half times the mean.</summary>
        public ChangeRule RisesBy(double share, int previous) => new(Name, Window, Measure, Direction.Up, share, IsRelative: true, previous, ClearBelow: share);

        /// <summary>At least this share below the mean of the previous windows: 0.5 is half of the mean.</summary>
        public ChangeRule DropsBy(double share, int previous) => new(Name, Window, Measure, Direction.Down, share, IsRelative: true, previous, ClearBelow: share);

        /// <summary>At least this share away from the mean of the previous windows, up or down.</summary>
        public ChangeRule ChangesBy(double share, int previous) => new(Name, Window, Measure, Direction.Both, share, IsRelative: true, previous, ClearBelow: share);

        /// <summary>Away from the mean of the previous windows by at least this much, in the measure's own unit.</summary>
        public ChangeRule DiffersBy(double amount, int previous, Direction direction = Direction.Both) =>
            new(Name, Window, Measure, direction, amount, IsRelative: false, previous, ClearBelow: amount);

        /// <summary>At least so many standard deviations away from the mean of a trailing baseline.</summary>
        /// <param name="zScore">How many.</param>
        /// <param name="baseline">How many previous windows make the baseline.</param>
        /// <param name="leastBaseline">How many of them must be there before anything is judged; half of them when null, at least 2.</param>
        /// <param name="leastSpread">A smaller standard deviation counts as this.</param>
        /// <param name="direction">Which way.</param>
        public DeviationRule DeviatesBy(
            double zScore, int baseline, int? leastBaseline = null, double leastSpread = 0, Direction direction = Direction.Both) =>
            new(Name, Window, Measure, direction, zScore, baseline, leastBaseline ?? Math.Max(2, baseline / 2), leastSpread, ClearBelow: zScore);
    }

    /// <summary>Hysteresis of a rule with <c>Below</c>: over once the measure is this or more.</summary>
    public static ThresholdRule ClearAbove(this ThresholdRule rule, decimal value) => rule with { ClearAt = value };

    /// <summary>Hysteresis of a rule with <c>Above</c>: over once the measure is this or less.</summary>
    public static ThresholdRule ClearBelow(this ThresholdRule rule, decimal value) => rule with { ClearAt = value };

    /// <summary>Hysteresis: over once the difference is below this.</summary>
    public static ChangeRule ClearBelow(this ChangeRule rule, double difference) => rule with { ClearBelow = difference };

    /// <summary>Hysteresis: over once the z-score is below this.</summary>
    public static DeviationRule ClearBelow(this DeviationRule rule, double zScore) => rule with { ClearBelow = zScore };

    /// <summary>Fires only once the condition has held for this much consecutive event time.</summary>
    public static T For<T>(this T rule, TimeSpan duration)
        where T : AlertRule => (T)((AlertRule)rule with { For = duration });

    /// <summary>How bad it is; a warning unless said.</summary>
    public static T Severity<T>(this T rule, AlertSeverity severity)
        where T : AlertRule => (T)((AlertRule)rule with { Severity = severity });

    /// <summary>What a person is told; <c>{key}</c>, <c>{value}</c>, <c>{threshold}</c> and <c>{window}</c> are filled in.</summary>
    public static T Message<T>(this T rule, string message)
        where T : AlertRule => (T)((AlertRule)rule with { Message = message });

    /// <summary>Forgets a key after this much event time without events; a day unless said.</summary>
    public static T ForgetAfter<T>(this T rule, TimeSpan duration)
        where T : AlertRule => (T)((AlertRule)rule with { ForgetAfter = duration });
}
