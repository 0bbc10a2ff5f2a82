namespace Streaming.Aggregator.Alerts;

/// <summary>Judges one window after the other, by its value and the key's previous ones. Pure.</summary>
internal abstract class Condition
{
    /// <summary>How many previous values it looks at; 0 for none.</summary>
    public virtual int BaselineSize => 0;

    /// <param name="reading">The value of the window; null when it has none.</param>
    /// <param name="hasEvents">Whether the window has a row.</param>
    /// <param name="baseline">The key's previous values; null where the condition needs none.</param>
    public abstract Judgement Judge(Reading? reading, bool hasEvents, Baseline? baseline);

    public static Condition Of(AlertRule rule) => rule switch
    {
        ThresholdRule r => new ThresholdCondition(r),
        ChangeRule r => new ChangeCondition(r),
        AbsenceRule => new AbsenceCondition(),
        DeviationRule r => new DeviationCondition(r),
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "an unknown kind of rule"),
    };
}

internal sealed class ThresholdCondition(ThresholdRule rule) : Condition
{
    public override Judgement Judge(Reading? reading, bool hasEvents, Baseline? baseline)
    {
        if (reading is not { } value)
        {
            return Judgement.Nothing;
        }

        var side = rule.IsAbove ? 1 : -1;
        if (value.CompareTo(rule.Limit) * side > 0)
        {
            return new Judgement(Outcome.Holds, value.Number, (double)rule.Limit);
        }

        var outcome = value.CompareTo(rule.ClearAt) * side <= 0 ? Outcome.IsClear : Outcome.Neither;
        return new Judgement(outcome, value.Number, (double)rule.ClearAt);
    }
}

internal sealed class AbsenceCondition : Condition
{
    public override Judgement Judge(Reading? reading, bool hasEvents, Baseline? baseline) =>
        new(hasEvents ? Outcome.IsClear : Outcome.Holds, null, null);
}

internal sealed class ChangeCondition(ChangeRule rule) : Condition
{
    public override int BaselineSize => rule.Previous;

    public override Judgement Judge(Reading? reading, bool hasEvents, Baseline? baseline)
    {
        if (reading is not { } value || baseline!.Count < rule.Previous)
        {
            return Judgement.Nothing;
        }

        // The share of a mean of zero says nothing.
        var mean = baseline.Mean();
        var unit = rule.IsRelative ? Math.Abs(mean) : 1;
        return unit > 0 ? Distance.Judge(value.Number, mean, unit, rule.By, rule.ClearBelow, rule.Direction) : Judgement.Nothing;
    }
}

internal sealed class DeviationCondition(DeviationRule rule) : Condition
{
    public override int BaselineSize => rule.Baseline;

    public override Judgement Judge(Reading? reading, bool hasEvents, Baseline? baseline)
    {
        if (reading is not { } value || baseline!.Count < rule.LeastBaseline)
        {
            return Judgement.Nothing;
        }

        // Without any spread there is no unit to measure a distance in.
        var mean = baseline.Mean();
        var spread = Math.Max(baseline.StandardDeviation(mean), rule.LeastSpread);
        return spread > 0 ? Distance.Judge(value.Number, mean, spread, rule.ZScore, rule.ClearBelow, rule.Direction) : Judgement.Nothing;
    }
}

/// <summary>How far a value is from a mean, in some unit.</summary>
internal static class Distance
{
    public static Judgement Judge(double value, double mean, double unit, double limit, double clearBelow, Direction direction)
    {
        var away = (value - mean) / unit;
        var distance = direction switch
        {
            Direction.Up => away,
            Direction.Down => -away,
            _ => Math.Abs(away),
        };
        var outcome = distance >= limit ? Outcome.Holds : distance < clearBelow ? Outcome.IsClear : Outcome.Neither;
        var side = direction == Direction.Down || (direction == Direction.Both && away < 0) ? -1 : 1;
        return new Judgement(outcome, value, mean + (side * unit * (outcome == Outcome.Holds ? limit : clearBelow)));
    }
}
