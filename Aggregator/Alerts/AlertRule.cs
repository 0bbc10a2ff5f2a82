using Streaming.Contracts.Alerts;

namespace Streaming.Aggregator.Alerts;

/// <summary>
/// What is to be watched of each group key's closed windows of one kind. Made with <see cref="AlertRules"/>, checked by <see cref="AlertRuleSet"/>; what
/// each kind means is said, with tables, in docs/semantics.md, "Alerts".
/// </summary>
/// <param name="Name">Unique in its pipeline: lower-case letters, digits and hyphens.</param>
/// <param name="Window">The name of one of the pipeline's kinds of windows.</param>
public abstract record AlertRule(string Name, string Window)
{
    /// <summary>How long a key may have no event before it is forgotten, if the rule does not say.</summary>
    public static readonly TimeSpan DefaultForgetAfter = TimeSpan.FromDays(1);

    /// <summary>For how much consecutive event time the condition must hold; zero: one window is enough.</summary>
    public TimeSpan For { get; init; }

    /// <summary>How bad it is.</summary>
    public AlertSeverity Severity { get; init; } = AlertSeverity.Warning;

    /// <summary>What a person is told; <c>{key}</c>, <c>{value}</c>, <c>{threshold}</c> and <c>{window}</c> are filled in. Null: a sentence of its kind.</summary>
    public string? Message { get; init; }

    /// <summary>Event time without events after which the rule forgets a key; an alert that still fires is resolved then.</summary>
    public TimeSpan ForgetAfter { get; init; } = DefaultForgetAfter;
}

/// <summary>A rule that judges a number.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Window">Which windows.</param>
/// <param name="Measure">The name of one of the pipeline's measures.</param>
public abstract record MeasureRule(string Name, string Window, string Measure) : AlertRule(Name, Window);

/// <summary>The measure is above, or below, a limit.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Window">Which windows.</param>
/// <param name="Measure">Which measure.</param>
/// <param name="IsAbove">True: fires above the limit. False: below.</param>
/// <param name="Limit">The condition holds strictly beyond it.</param>
/// <param name="ClearAt">Hysteresis: it is over once the measure has come back to here; the limit itself, or a value on its good side.</param>
public sealed record ThresholdRule(string Name, string Window, string Measure, bool IsAbove, decimal Limit, decimal ClearAt) : MeasureRule(Name, Window, Measure);

/// <summary>Which way a measure has to go.</summary>
public enum Direction
{
    /// <summary>Upwards.</summary>
    Up,

    /// <summary>Downwards.</summary>
    Down,

    /// <summary>Either way.</summary>
    Both,
}

/// <summary>The measure differs from the mean of the key's previous windows.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Window">Which windows.</param>
/// <param name="Measure">Which measure.</param>
/// <param name="Direction">Which way.</param>
/// <param name="By">By at least this much, more than zero: a share of the mean (0.5 is half), or an absolute difference.</param>
/// <param name="IsRelative">Whether <paramref name="By"/> is a share.</param>
/// <param name="Previous">How many windows the mean is taken over; before there are as many, nothing is judged.</param>
/// <param name="ClearBelow">Hysteresis: it is over once the difference is below this; at most <paramref name="By"/>.</param>
public sealed record ChangeRule(string Name, string Window, string Measure, Direction Direction, double By, bool IsRelative, int Previous, double ClearBelow)
    : MeasureRule(Name, Window, Measure);

/// <summary>A key that had events has none: its windows have no row.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Window">Which windows.</param>
public sealed record AbsenceRule(string Name, string Window) : AlertRule(Name, Window);

/// <summary>The measure is unusual: so many standard deviations away from the mean of a trailing baseline.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Window">Which windows.</param>
/// <param name="Measure">Which measure.</param>
/// <param name="Direction">Which way.</param>
/// <param name="ZScore">At least so many standard deviations; more than zero.</param>
/// <param name="Baseline">How many of the key's previous windows make the baseline.</param>
/// <param name="LeastBaseline">With fewer in it nothing is judged; at least 2.</param>
/// <param name="LeastSpread">A smaller standard deviation counts as this, so that a level baseline does not make every step unusual.</param>
/// <param name="ClearBelow">Hysteresis: it is over once the z-score is below this; at most <paramref name="ZScore"/>.</param>
public sealed record DeviationRule(
    string Name, string Window, string Measure, Direction Direction, double ZScore, int Baseline, int LeastBaseline, double LeastSpread, double ClearBelow)
    : MeasureRule(Name, Window, Measure);
