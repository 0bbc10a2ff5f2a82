namespace Streaming.Aggregator.Alerts;

/// <summary>What a rule remembers of one key. Times are milliseconds since the Unix epoch, event time.</summary>
internal sealed class KeyState
{
    /// <summary>All windows that end at this moment or before have been judged; nothing is judged twice.</summary>
    public long JudgedMs { get; set; }

    /// <summary>End of the last window in which the key had an event.</summary>
    public long SeenMs { get; set; }

    /// <summary>Start of the first window of the run in which the condition has held since; null while it does not hold.</summary>
    public long? HoldsSinceMs { get; set; }

    public bool IsFiring { get; set; }

    /// <summary>Null where the condition looks at no previous values.</summary>
    public Baseline? Baseline { get; init; }

    /// <summary>When the timer that stands in the queue for this state goes off; later than all sense when there is none.</summary>
    public long QueuedMs { get; set; } = long.MaxValue;

    /// <summary>Gone: a timer of it that is still in the queue means nothing.</summary>
    public bool IsGone { get; set; }
}
