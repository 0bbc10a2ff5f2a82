using System.Collections.Immutable;

namespace Streaming.Dashboard.Topology;

/// <summary>Counters of one input partition of the windows, or of one instance of the stage. They only grow while it lives.</summary>
/// <param name="Taken">Counted in windows, or published by the stage.</param>
/// <param name="Filtered">Passed over.</param>
/// <param name="Rejected">Put aside as no acceptable event.</param>
/// <param name="Late">Late; of the windows only.</param>
/// <param name="Read">Records read.</param>
public readonly record struct FlowCounts(long Taken, long Filtered, long Rejected, long Late, long Read)
{
    /// <summary>Whether it could come after the other: no counter has become smaller.</summary>
    public bool Follows(FlowCounts earlier) =>
        Taken >= earlier.Taken && Filtered >= earlier.Filtered && Rejected >= earlier.Rejected && Late >= earlier.Late && Read >= earlier.Read;

    public static FlowCounts operator -(FlowCounts left, FlowCounts right) =>
        new(left.Taken - right.Taken, left.Filtered - right.Filtered, left.Rejected - right.Rejected, left.Late - right.Late, left.Read - right.Read);

    public static FlowCounts operator +(FlowCounts left, FlowCounts right) =>
        new(left.Taken + right.Taken, left.Filtered + right.Filtered, left.Rejected + right.Rejected, left.Late + right.Late, left.Read + right.Read);
}

/// <summary>What the counters of one kind said at a moment.</summary>
/// <param name="Counts">By partition, or by instance.</param>
/// <param name="UpdatedAt">When the newest of them was written; null when there is none.</param>
public sealed record FlowReading(ImmutableDictionary<string, FlowCounts> Counts, DateTimeOffset? UpdatedAt)
{
    /// <summary>Nothing counts.</summary>
    public static FlowReading None { get; } = new(ImmutableDictionary.Create<string, FlowCounts>(StringComparer.Ordinal), null);
}

/// <summary>What all counters of a pipeline said at a moment, by the database's clock.</summary>
/// <param name="At">When.</param>
/// <param name="Windows">What the windows took in, by partition.</param>
/// <param name="Stage">What the stage did, by instance.</param>
public sealed record TopologySample(DateTimeOffset At, FlowReading Windows, FlowReading Stage)
{
    /// <summary>What went out, by instance: closed windows as <see cref="FlowCounts.Taken"/>, alerts as <see cref="FlowCounts.Read"/>.</summary>
    public FlowReading Outputs { get; init; } = FlowReading.None;
}

/// <summary>The rates of the arrows, in records per second; null where they are not known, so a zero always means zero.</summary>
public sealed record TopologyRates(ImmutableDictionary<Flow, double> PerSecond)
{
    /// <summary>Nothing is known.</summary>
    public static TopologyRates Unknown { get; } = new(ImmutableDictionary<Flow, double>.Empty);

    /// <summary>The rate of an arrow.</summary>
    public double? this[Flow flow] => PerSecond.TryGetValue(flow, out var rate) ? rate : null;
}

/// <summary>Rates out of growing counters over a sliding time. Pure: the times come from the samples.</summary>
/// <param name="window">Over how long.</param>
/// <param name="staleAfter">Counters that nobody has written for longer say nothing about now.</param>
public sealed class TopologyMeter(TimeSpan window, TimeSpan staleAfter)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly Queue<TopologySample> _samples = new();

    /// <summary>Takes in a sample and gives the rates now.</summary>
    public TopologyRates Add(TopologySample sample)
    {
        if (_samples.LastOrDefault() is { } last && !(Follows(last.Windows, sample.Windows) && Follows(last.Stage, sample.Stage) && Follows(last.Outputs, sample.Outputs) && sample.At >= last.At))
        {
            _samples.Clear();
        }

        _samples.Enqueue(sample);

        // The oldest sample kept is the last one that is at least a whole window old: the slope then covers the window.
        while (_samples.Count > 2 && sample.At - _samples.ElementAt(1).At >= window)
        {
            _samples.Dequeue();
        }

        return Rates(_samples.Peek(), sample);
    }

    private TopologyRates Rates(TopologySample from, TopologySample to)
    {
        var seconds = (to.At - from.At).TotalSeconds;
        if (to.At - from.At < Shortest)
        {
            return TopologyRates.Unknown;
        }

        var rates = ImmutableDictionary.CreateBuilder<Flow, double>();
        if (Grown(from.Windows, to.Windows, to.At) is { } windows)
        {
            rates[Flow.Read] = windows.Read / seconds;
            rates[Flow.Counted] = windows.Taken / seconds;
            rates[Flow.Filtered] = windows.Filtered / seconds;
            rates[Flow.Rejected] = windows.Rejected / seconds;
            rates[Flow.Late] = windows.Late / seconds;
        }

        if (Grown(from.Stage, to.Stage, to.At) is { } stage)
        {
            rates[Flow.StageTaken] = stage.Read / seconds;
            rates[Flow.StagePublished] = stage.Taken / seconds;
            rates[Flow.StageFiltered] = stage.Filtered / seconds;
            rates[Flow.StageRejected] = stage.Rejected / seconds;
        }

        if (Grown(from.Outputs, to.Outputs, to.At) is { } outputs)
        {
            rates[Flow.Closed] = outputs.Taken / seconds;
            rates[Flow.Alerted] = outputs.Read / seconds;
        }

        return new TopologyRates(rates.ToImmutable());
    }

    /// <summary>By how much the counters have grown; null when nobody writes them. One that appeared in between began at zero.</summary>
    private FlowCounts? Grown(FlowReading from, FlowReading to, DateTimeOffset now) =>
        to.UpdatedAt is not { } updated || now - updated > staleAfter || to.Counts.IsEmpty
            ? null
            : to.Counts.Aggregate(default(FlowCounts), (sum, count) => sum + (count.Value - from.Counts.GetValueOrDefault(count.Key)));

    private static bool Follows(FlowReading earlier, FlowReading later) =>
        later.Counts.All(count => count.Value.Follows(earlier.Counts.GetValueOrDefault(count.Key)));
}
