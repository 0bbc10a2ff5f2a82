using System.Collections.Immutable;
using Streaming.Contracts.Measures;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Vitals;

/// <summary>How one pipeline runs; what is not known is null, so a zero always means zero. Pure.</summary>
/// <param name="Info">What the tables say of it.</param>
/// <param name="Status">Its figures out of the checkpoints.</param>
/// <param name="EventsPerSecond">Counted in windows, over the last ten seconds.</param>
/// <param name="CheckpointAge">Since its newest checkpoint.</param>
/// <param name="Instances">Those that run the generation that is shown, or did so a moment ago; by name.</param>
/// <param name="EventToCommit">Of the last minute, over all instances that write.</param>
/// <param name="CommitToPush">Of the last minute; null when nothing was published in it. Only the windows of the sales are followed when nobody looks at them.</param>
/// <param name="CheckpointDuration">Of the last minute, over all instances that write.</param>
public sealed record PipelineVitals(
    PipelineInfo Info, PipelineStatus Status, double? EventsPerSecond, TimeSpan? CheckpointAge, ImmutableArray<InstanceVitals> Instances,
    Percentiles? EventToCommit, Percentiles? CommitToPush, Percentiles? CheckpointDuration)
{
    /// <summary>Events that the guard kept from being counted twice, since the instances began; null when none has reported.</summary>
    public long? RefusedEvents => Sum(instance => instance.RefusedEvents);

    /// <summary>Partitions of checkpoints that the guard refused; null when no instance has reported.</summary>
    public long? RefusedPartitions => Sum(instance => instance.RefusedPartitions);

    public long? CheckpointFailures => Sum(instance => instance.CheckpointFailures);

    public long? ConnectionsLost => Sum(instance => instance.ConnectionsLost);

    public long? StoppedPartitions => Sum(instance => instance.StoppedPartitions);

    /// <param name="info">What the tables say.</param>
    /// <param name="instances">Of all pipelines.</param>
    /// <param name="eventsPerSecond">Its rate.</param>
    /// <param name="pushes">How long its commits took to be shown.</param>
    /// <param name="now">The database's clock.</param>
    /// <param name="staleAfter">Without a checkpoint for this long it is stale.</param>
    public static PipelineVitals Of(
        PipelineInfo info, IEnumerable<InstanceVitals> instances, double? eventsPerSecond, QuantileSketch pushes, DateTimeOffset now, TimeSpan staleAfter)
    {
        ArgumentNullException.ThrowIfNull(info);
        ImmutableArray<InstanceVitals> own = [.. instances
            .Where(instance => instance.Pipeline == info.Name && instance.Generation == info.Generation && now - instance.UpdatedAt <= InstanceVitals.GoneAfter)
            .OrderBy(instance => instance.Instance, StringComparer.Ordinal)];
        var speaking = own.Where(instance => !instance.IsSilent(now)).ToList();
        var status = PipelineStatus.Of(info, now, staleAfter);
        return new PipelineVitals(
            info, status, status.State is PipelineState.Running or PipelineState.Replaying ? eventsPerSecond : null,
            info.Shown.IsEmpty ? null : Earliest(now - info.Shown.Max(partition => partition.UpdatedAt)), own,
            Percentiles.Of(speaking.Select(instance => instance.EventToCommit)), Percentiles.Of([pushes]), Percentiles.Of(speaking.Select(instance => instance.CheckpointDuration)));
    }

    private static TimeSpan Earliest(TimeSpan age) => age < TimeSpan.Zero ? TimeSpan.Zero : age;

    private long? Sum(Func<InstanceVitals, long> of) => Instances.IsEmpty ? null : Instances.Sum(of);
}
