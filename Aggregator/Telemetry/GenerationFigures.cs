using Streaming.Aggregator.Checkpoints;
using Streaming.Contracts.Measures;

namespace Streaming.Aggregator.Telemetry;

/// <summary>What this process has committed of one generation since it began with it.</summary>
internal readonly record struct CommittedCounts(
    long Events, long Late, long Rejected, long Filtered, long Closed, long Transitions, long RefusedPartitions, long RefusedEvents, long Checkpoints, long CheckpointFailures, long ConnectionsLost)
{
    public static CommittedCounts operator +(CommittedCounts a, CommittedCounts b) => new(
        a.Events + b.Events, a.Late + b.Late, a.Rejected + b.Rejected, a.Filtered + b.Filtered, a.Closed + b.Closed, a.Transitions + b.Transitions, a.RefusedPartitions + b.RefusedPartitions,
        a.RefusedEvents + b.RefusedEvents, a.Checkpoints + b.Checkpoints, a.CheckpointFailures + b.CheckpointFailures, a.ConnectionsLost + b.ConnectionsLost);

    /// <summary>What one checkpoint has written.</summary>
    public static CommittedCounts Of(IReadOnlyList<PartitionChange> written) => new()
    {
        Events = written.Sum(change => change.Changes.Counts.Accepted),
        Late = written.Sum(change => change.Changes.Counts.Late),
        Rejected = written.Sum(change => change.Rejected),
        Filtered = written.Sum(change => change.Filtered),
        Closed = written.Sum(change => change.Closing?.Rows ?? change.Changes.Closed.Count),
        Transitions = written.Sum(change => change.Alerts.Events.Count + (change.Closing?.Transitions ?? 0)),
        Checkpoints = 1,
    };
}

/// <summary>The figures of one generation in this process: counts, gauges, and how long things took in the last minute. For several threads.</summary>
internal sealed class GenerationFigures(TimeProvider time)
{
    /// <summary>How long a duration counts.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly RecentQuantiles _eventToCommit = new(time, Window);
    private readonly RecentQuantiles _checkpoints = new(time, Window);
    private CommittedCounts _counts;

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    /// <summary>What the consumer's thread showed last; null before.</summary>
    public AggregatorTelemetry.Gauges? Gauges { get; set; }

    public CommittedCounts Counts
    {
        get
        {
            lock (_lock)
            {
                return _counts;
            }
        }
    }

    /// <summary>From an event's time to its commit, of the last minute, in microseconds.</summary>
    public QuantileSketch EventToCommit => _eventToCommit.Read();

    /// <summary>How long checkpoints took, of the last minute, in microseconds.</summary>
    public QuantileSketch CheckpointDurations => _checkpoints.Read();

    public void Add(CommittedCounts counts)
    {
        lock (_lock)
        {
            _counts += counts;
        }
    }

    public void Checkpoint(TimeSpan duration) => _checkpoints.Add(Microseconds(duration));

    public void Committed(TimeSpan age, long events) => _eventToCommit.Add(Microseconds(age), events);

    private static long Microseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;
}
