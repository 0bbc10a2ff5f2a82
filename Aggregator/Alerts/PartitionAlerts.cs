using Streaming.Contracts.Alerts;

namespace Streaming.Aggregator.Alerts;

/// <summary>What one checkpoint writes of one partition's alerts.</summary>
/// <param name="States">States that changed.</param>
/// <param name="Events">Transitions, in order. The outbox holds the same for the topic.</param>
public sealed record PartitionAlerts(IReadOnlyList<StateChange> States, IReadOnlyList<AlertEvent> Events)
{
    /// <summary>Nothing happened.</summary>
    public static readonly PartitionAlerts None = new([], []);

    /// <summary>Rows that are written.</summary>
    public int Rows => States.Count + Events.Count;
}
