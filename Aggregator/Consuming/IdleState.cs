namespace Streaming.Aggregator.Consuming;

/// <summary>What is known about a partition's silence since it was last positioned or resumed.</summary>
internal sealed class IdleState
{
    /// <summary>Where the log ended when its end was last reached; null since a record came.</summary>
    public long? EndOffset { get; private set; }

    /// <summary>Since when it is silent (a timestamp of the time provider).</summary>
    public long Since { get; private set; }

    /// <summary>A question to the broker is under way.</summary>
    public bool IsConfirming { get; set; }

    /// <summary>When the broker was last asked.</summary>
    public long? AskedAt { get; set; }

    public void Record() => EndOffset = null;

    public void ReachEnd(long endOffset, long now) => (EndOffset, Since) = (endOffset, now);
}
