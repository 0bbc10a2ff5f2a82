namespace Streaming.Aggregator.Windowing;

/// <summary>
/// What time it is in one input partition: the watermark. It is the largest event time seen minus the allowed out-of-orderness,
/// or what an idle mark says if that is later; it never goes back and never reads a real clock.
/// </summary>
internal struct EventClock(WindowPlan plan, long? watermarkMs)
{
    /// <summary>Before any watermark is known nothing is late; no event time is this small.</summary>
    private const long Unknown = long.MinValue;

    /// <summary>Earliest event time taken, and first one that is not. Inside them, starts, ends and watermarks fit <see cref="DateTimeOffset"/>.</summary>
    public static readonly long EarliestMs = new DateTimeOffset(3, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    public static readonly long LatestMs = new DateTimeOffset(9997, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private readonly long _outOfOrdernessMs = WindowPlan.Ms(plan.OutOfOrderness);
    private readonly long _futureBoundMs = WindowPlan.Ms(plan.FutureBound);
    private long _watermarkMs = watermarkMs ?? Unknown;

    public readonly long? WatermarkMs => _watermarkMs == Unknown ? null : _watermarkMs;

    /// <summary>The watermark, or a number below every event time while there is none.</summary>
    public readonly long WatermarkOrUnknownMs => _watermarkMs;

    /// <summary>Whether the event time can be believed at all; a rejected event never moves the watermark.</summary>
    public readonly Verdict Judge(long eventTimeMs, long brokerTimestampMs)
    {
        if (eventTimeMs < EarliestMs || eventTimeMs >= LatestMs)
        {
            return Verdict.OutOfRange;
        }

        return eventTimeMs - _futureBoundMs > brokerTimestampMs
            ? Verdict.TooFarAhead(AheadMs(eventTimeMs, brokerTimestampMs))
            : Verdict.Accepted;
    }

    /// <summary>Takes an event that was judged. True when the watermark moved.</summary>
    public bool Observe(long eventTimeMs) => AdvanceTo(eventTimeMs - _outOfOrdernessMs);

    /// <summary>Moves the watermark forward; an earlier time is ignored. True when it moved.</summary>
    public bool AdvanceTo(long watermarkMs)
    {
        if (watermarkMs <= _watermarkMs)
        {
            return false;
        }

        _watermarkMs = watermarkMs;
        return true;
    }

    // A record's timestamp is any 64-bit number; the difference saturates instead of turning negative.
    private static long AheadMs(long eventTimeMs, long brokerTimestampMs) =>
        (long)Int128.Min((Int128)eventTimeMs - brokerTimestampMs, long.MaxValue);
}
