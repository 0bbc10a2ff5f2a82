using Streaming.Aggregator.Windowing;

namespace Streaming.Aggregator.Alerts;

/// <summary>What the alert rules made of one take: what a checkpoint writes. Shares nothing that changes with the evaluator.</summary>
/// <param name="States">States that changed, each (rule, key) once, ordered by both.</param>
/// <param name="Transitions">Alerts that began to fire or are over, ordered by time, rule and key: the same sequence however the takes are cut.</param>
public sealed record AlertChanges(IReadOnlyList<StateChange> States, IReadOnlyList<Transition> Transitions)
{
    /// <summary>Nothing happened.</summary>
    public static readonly AlertChanges None = new([], []);
}

/// <summary>What a rule remembers of a key from now on.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Key">The key.</param>
/// <param name="IsFiring">Whether the alert fires.</param>
/// <param name="State">As <see cref="AlertStateJson"/> writes it; null when there is nothing left to remember.</param>
public sealed record StateChange(string Rule, GroupKey Key, bool IsFiring, string? State);

/// <summary>What a rule remembered of a key, as a claim loads it.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Key">The key.</param>
/// <param name="IsFiring">Whether the alert fires.</param>
/// <param name="State">As <see cref="AlertStateJson"/> wrote it.</param>
public sealed record StoredAlertState(string Rule, GroupKey Key, bool IsFiring, string State);
