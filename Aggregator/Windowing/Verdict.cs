namespace Streaming.Aggregator.Windowing;

/// <summary>What became of an event.</summary>
public enum VerdictKind
{
    /// <summary>It is counted in its window.</summary>
    Accepted,

    /// <summary>Its window is closed: it changes no result and belongs on the late topic.</summary>
    Late,

    /// <summary>Rejected: its time is ahead of the record's broker timestamp by more than the future bound.</summary>
    TooFarAhead,

    /// <summary>Rejected: its time lies outside the years 3 to 9996.</summary>
    OutOfRange,

    /// <summary>
    /// Not judged yet, and nothing has changed: rows that were evicted have to be brought back first, or changes be taken. It and all that follows it are to be
    /// given again then.
    /// </summary>
    Waits,
}

/// <summary>The answer to one event.</summary>
/// <param name="Kind">What became of it.</param>
/// <param name="ByMs">
/// Late: watermark − (window end + grace), so how long ago the window closed; at least zero. Too far ahead: event time − broker timestamp,
/// always more than the bound. Otherwise zero.
/// </param>
public readonly record struct Verdict(VerdictKind Kind, long ByMs)
{
    public static Verdict Accepted => default;

    /// <summary>Accepted in some kind of windows, but its window of the first kind had closed.</summary>
    public bool IsLateForFirst { get; init; }

    public static Verdict OutOfRange => new(VerdictKind.OutOfRange, 0);

    public static Verdict Waits => new(VerdictKind.Waits, 0);

    public bool IsAccepted => Kind == VerdictKind.Accepted;

    /// <summary>True for an event that belongs on the dead-letter topic.</summary>
    public bool IsRejected => Kind is VerdictKind.TooFarAhead or VerdictKind.OutOfRange;

    public static Verdict Late(long byMs) => new(VerdictKind.Late, byMs);

    public static Verdict TooFarAhead(long byMs) => new(VerdictKind.TooFarAhead, byMs);
}
