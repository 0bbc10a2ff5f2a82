using System.Collections.Concurrent;

namespace Streaming.Aggregator.Consuming;

/// <summary>How consuming of one pipeline goes. Written by the threads that know, read by whoever asks.</summary>
internal sealed class ConsumptionStatus
{
    private readonly ConcurrentDictionary<int, string> _stopped = new();
    private volatile string? _checkpointFailure;
    private volatile string? _pause;
    private volatile string? _wait;
    private volatile string? _schema;
    private volatile bool _isStarted;

    public void Started() => _isStarted = true;

    /// <summary>It cannot begin yet, and why.</summary>
    public void Waits(string reason) => _wait = reason;

    /// <summary>A partition is held until the registry has said what a schema is, and why that takes; null: none is.</summary>
    public void AwaitsSchema(string? reason) => _schema = reason;

    public void WaitsNoMore() => _wait = null;

    public void CheckpointFails(string reason) => _checkpointFailure = reason;

    public void CheckpointsGoThrough() => _checkpointFailure = null;

    public void Paused(string reason) => _pause = reason;

    public void Resumed() => _pause = null;

    public void PartitionStopped(int partition, string reason) => _stopped[partition] = reason;

    public void PartitionGoesOn(int partition) => _stopped.TryRemove(partition, out _);

    /// <summary>Partitions that stopped until an administrator decides.</summary>
    public int StoppedPartitions => _stopped.Count;

    public bool IsPaused => _pause is not null;

    /// <summary>Whether it has begun.</summary>
    public bool IsStarted => _isStarted;

    /// <summary>What keeps events from becoming results; null while nothing does.</summary>
    public string? Trouble =>
        _wait is { } wait ? wait
        : !_stopped.IsEmpty ? string.Join("; ", _stopped.Select(s => $"partition {s.Key}: {s.Value}"))
        : _checkpointFailure is { } failure ? $"checkpoints fail: {failure}"
        : _schema is { } schema ? schema
        : _pause is { } pause ? $"paused: {pause}"
        : null;
}
