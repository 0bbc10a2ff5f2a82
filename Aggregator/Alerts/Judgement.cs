namespace Streaming.Aggregator.Alerts;

/// <summary>What a window says about a rule's condition.</summary>
internal enum Outcome
{
    /// <summary>The condition holds.</summary>
    Holds,

    /// <summary>It does not hold, and an alert that fires is over.</summary>
    IsClear,

    /// <summary>
    /// Neither: between the limit and where it clears, or there is nothing to judge. A condition that was holding no longer does; an alert that fires goes on.
    /// </summary>
    Neither,
}

/// <summary>One window, judged.</summary>
/// <param name="Outcome">What it says.</param>
/// <param name="Value">What was judged.</param>
/// <param name="Threshold">What it was held against.</param>
internal readonly record struct Judgement(Outcome Outcome, double? Value, double? Threshold)
{
    public static Judgement Nothing => new(Outcome.Neither, null, null);
}
